"""The wallet: what the portal keeps of a card (W1). Never a number."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from subscriptions.rules.wallet import is_expired, last_valid_day


class PaymentCardQuerySet(models.QuerySet["PaymentCard"]):
    def in_wallet(self) -> "PaymentCardQuerySet":
        return self.filter(removed_at__isnull=True)


class PaymentCard(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards")
    card_ref = models.CharField(max_length=80, unique=True)
    # The provider's mark of the number: the same card is not added twice (W2).
    fingerprint = models.CharField(max_length=80)
    brand = models.CharField(max_length=20)
    funding = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    # Of the bank that gave it, where the provider tells it: evidence for VAT.
    country = models.CharField(max_length=2, blank=True)
    billing_address = models.JSONField(default=dict)
    is_primary = models.BooleanField(default=False)
    # The networks forbid a further charge (P6): refused for good.
    refused_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "fingerprint"], condition=Q(removed_at__isnull=True), name="card_once_in_wallet"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_primary=True, removed_at__isnull=True), name="card_one_primary"
            ),
            models.CheckConstraint(condition=Q(exp_month__range=(1, 12)), name="card_expiry_month"),
            models.CheckConstraint(condition=Q(last4__regex=r"^\d{4}$"), name="card_last4_digits"),
        ]
        # The desk's one box (K2).
        indexes = [models.Index(fields=["last4"], name="card_last4")]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"

    @property
    def is_refused(self) -> bool:
        return self.refused_at is not None

    @property
    def expires_on(self) -> date:
        return last_valid_day(exp_year=self.exp_year, exp_month=self.exp_month)

    def is_expired_on(self, today: date) -> bool:
        return is_expired(exp_year=self.exp_year, exp_month=self.exp_month, today=today)


class CardSetup(models.Model):
    """One visit to the provider's page: begun when the customer is sent there, finished once when they are back."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="card_setups")
    setup_ref = models.CharField(max_length=80, blank=True)
    # Where the customer goes on afterwards; a path of this site.
    next_path = models.CharField(max_length=200)
    billing_address = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    card = models.ForeignKey(PaymentCard, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(card__isnull=True) | Q(failure="", finished_at__isnull=False), name="card_setup_one_outcome"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
