"""Consents (D1): the words that are asked with, and the ledger of what was given and withdrawn."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from accounts.models.account import Account
from accounts.rules.consents import Purpose
from portal.models import Market
from portal.texts import LocalizedTextField, localized

PURPOSES = [(purpose.value, purpose.value.replace("_", " ")) for purpose in Purpose]
CHANNELS = [("portal", "portal"), ("app", "app"), ("head_unit", "head unit"), ("closing", "closing of the account")]


class ConsentWording(models.Model):
    """A version of the words with which a market asks for a purpose, in each of its languages."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="consent_wordings")
    purpose = models.CharField(max_length=30, choices=PURPOSES)
    version = models.CharField(max_length=20)
    effective_at = models.DateTimeField()
    names = LocalizedTextField()
    texts = LocalizedTextField()
    # What giving and withdrawing does in the site.
    effects_of_giving = LocalizedTextField()
    effects_of_withdrawing = LocalizedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "purpose", "version"], name="consent_wording_once"),
            models.UniqueConstraint(fields=["market", "purpose", "effective_at"], name="consent_wording_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.purpose} {self.version}"

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def text(self) -> str:
        return localized(self.texts)

    @property
    def effect_of_giving(self) -> str:
        return localized(self.effects_of_giving)

    @property
    def effect_of_withdrawing(self) -> str:
        return localized(self.effects_of_withdrawing)

    def shown_in(self, language: str) -> str:
        """All that stands beside the buttons, as the ledger keeps it."""
        parts = (self.names, self.texts, self.effects_of_giving, self.effects_of_withdrawing)
        return "\n\n".join(localized(part, language) for part in parts)


class ConsentChange(models.Model):
    """A consent was given or withdrawn, when, through which channel, and beside which words. Never changed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consent_changes")
    purpose = models.CharField(max_length=30, choices=PURPOSES)
    # Counted from 1 for each purpose: odd ones give, even ones withdraw, so that nothing is given twice.
    number = models.PositiveIntegerField()
    is_given = models.BooleanField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, related_name="changes")
    language = models.CharField(max_length=5)
    shown = models.TextField()
    shown_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "purpose", "number"], name="consent_change_once"),
            models.CheckConstraint(
                condition=Q(Exact(F("number") % 2, 1), is_given=True) | Q(Exact(F("number") % 2, 0), is_given=False),
                name="consent_given_and_withdrawn_in_turn",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.purpose} {self.number}"
