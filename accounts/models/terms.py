"""Versions of the Terms of Use, and who accepted which (A2)."""

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models.account import Account
from portal.models import Market
from portal.texts import LocalizedTextField, localized


class TermsVersionQuerySet(models.QuerySet["TermsVersion"]):
    def published(self) -> "TermsVersionQuerySet":
        """Those that customers see, or will from their day on; a draft is nobody's but the editors'."""
        return self.filter(is_draft=False)


class TermsVersion(models.Model):
    """A version of a market's Terms of Use, in each of its languages (A2). Published, it never changes."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="terms_versions")
    version = models.CharField(max_length=20)
    effective_at = models.DateTimeField()
    texts = LocalizedTextField()
    is_draft = models.BooleanField(default=False)

    objects = TermsVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "version"], name="terms_version_once_per_market"),
            # Two that come into force at the same moment would leave open which one is current.
            models.UniqueConstraint(
                fields=["market", "effective_at"], condition=Q(is_draft=False), name="terms_one_current_per_market"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_draft=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.version}"

    @property
    def text(self) -> str:
        return localized(self.texts)


class TermsAcceptance(models.Model):
    """An account accepted a version, when and through which channel (A2). Never changed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="terms_acceptances")
    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT)
    accepted_at = models.DateTimeField()
    channel = models.CharField(
        max_length=10, choices=[("portal", "portal"), ("app", "app"), ("head_unit", "head unit")]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "version"], name="terms_accepted_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.version_id}"
