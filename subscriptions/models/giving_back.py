"""What staff give back of a payment: by one person, or above the market's limit by two (K3)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from subscriptions.models.payment import Payment, Refund
from subscriptions.rules.giving_back import Kind, expires_at


class GivingBackQuerySet(models.QuerySet["GivingBack"]):
    def waiting(self) -> "GivingBackQuerySet":
        """Proposed, and neither confirmed nor dropped; it may have expired."""
        return self.filter(refund__isnull=True, dropped_at__isnull=True)


class GivingBack(models.Model):
    """Proposed, then confirmed with its refund, or dropped. Below the limit the proposal is its own confirmation."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="given_back")
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in Kind])
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    # The reason as the customer reads it in the mail.
    told = models.CharField(max_length=300)
    needs_two = models.BooleanField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="given_back_by")
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = GivingBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(refund__isnull=True, dropped_at__isnull=True),
                name="giving_back_one_waits_per_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="giving_back_amount_positive"),
            models.CheckConstraint(condition=~Q(told=""), name="giving_back_has_a_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="giving_back_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=True) | Q(needs_two=False) | Q(confirmed_by__isnull=False),
                name="giving_back_confirmed_where_two_are_needed",
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=True) | Q(dropped_at__isnull=True), name="giving_back_paid_is_not_dropped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def expires_at(self) -> datetime:
        return expires_at(self.proposed_at)

    def is_waiting(self, now: datetime) -> bool:
        return self.refund_id is None and self.dropped_at is None and now < self.expires_at
