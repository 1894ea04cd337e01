"""A refund settled by bank transfer: one person records it, another confirms it (X6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from subscriptions.models.payment import Refund


class BankTransferQuerySet(models.QuerySet["BankTransfer"]):
    def standing(self) -> "BankTransferQuerySet":
        """Proposed or confirmed: while there is one, the provider is not asked to pay the refund."""
        return self.filter(dropped_at__isnull=True)

    def proposed(self) -> "BankTransferQuerySet":
        return self.standing().filter(confirmed_at__isnull=True)


class BankTransfer(models.Model):
    """Proposed by one, confirmed by another, or dropped. A refund has one that stands: it is never settled twice."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="transfers")
    # As it stands on the bank's statement.
    reference = models.CharField(max_length=80)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = BankTransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund"], condition=Q(dropped_at__isnull=True), name="transfer_one_stands_per_refund"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="transfer_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="transfer_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dropped_at__isnull=True),
                name="transfer_confirmed_is_not_dropped",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="transfer_has_a_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_proposed(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
