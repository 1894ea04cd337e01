"""New prices of running contracts (S10): announced for a plan, offered to each subscription, kept once accepted."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import TermsVersion
from subscriptions.models.catalogue import Plan


class PriceChange(models.Model):
    """What a plan costs the contracts that were made before that day. A later one of the same day takes its place."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="price_changes")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    effective_on = models.DateField()
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(price__gt=0), name="price_change_positive")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.plan} {self.price} {self.effective_on}"


class PriceOffer(models.Model):
    """The customer was told of a new price sixty days before the charge that it touches; only the answer is added."""

    subscription = models.ForeignKey(
        "subscriptions.Subscription", on_delete=models.PROTECT, related_name="price_offers"
    )
    change = models.ForeignKey(PriceChange, on_delete=models.PROTECT, related_name="offers")
    # The charge that it touches, and its date (S5).
    period_index = models.PositiveIntegerField()
    charge_on = models.DateField()
    old_price = models.DecimalField(max_digits=8, decimal_places=2)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    offered_at = models.DateTimeField()
    # Said no; until the charge date it can still be accepted.
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "period_index"], name="price_offered_once_for_a_charge"),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_offer_positive"),
        ]
        indexes = [models.Index(fields=["charge_on"], name="price_offer_by_charge")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.price} {self.charge_on}"


class ContractAmendment(models.Model):
    """A new price that was agreed, from its charge on; kept for ever beside the contract (S10)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.PROTECT, related_name="amendments")
    offer = models.OneToOneField(PriceOffer, on_delete=models.PROTECT, related_name="amendment")
    # The first charge at this price, and its date.
    first_index = models.PositiveIntegerField()
    first_charge_on = models.DateField()
    price = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    accepted_at = models.DateTimeField()
    terms_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT)
    language = models.CharField(max_length=5)
    # The very words next to the button that accepts.
    order_text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "first_index"], name="amendment_once_for_a_charge"),
            models.CheckConstraint(condition=Q(price__gt=0), name="amendment_price_positive"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.price} {self.first_charge_on}"
