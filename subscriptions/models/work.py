"""What staff have to look at: nobody mends it by machine."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from subscriptions.models.payment import Payment, Refund
from subscriptions.models.provisioning import Provisioning

# Opened by the rejection, closed by what becomes of the refund (X6).
REFUND_REJECTED = "refund_rejected"
# Opened when the provider paid another sum back, closed when it says what was promised.
REFUND_DIFFERS = "refund_amount_differs"
# Opened with a dispute, closed by the bank's decision (P10).
DISPUTE_OPENED = "dispute_opened"
# Opened by a refund that one of finance proposes, closed by another or by its expiry (K3).
REFUND_PROPOSED = "refund_proposed"
# Opened by an objection to a request for control, closed by the decision (V4).
CONTROL_OBJECTED = "control_objected"
# Opened when a car did not switch a package, closed when it has (C1).
CAR_NOT_SWITCHED = "car_not_switched"
# Opened when a catalogue that is due cannot be read, closed when one has come into force.
CATALOGUE_UNREADABLE = "catalogue_unreadable"
# Opened when an endpoint of webhooks has not taken what it was sent for days.
HOOK_NOT_TAKEN = "hook_not_taken"
# Those whose subject is a refund's, or a payment's, public id.
OF_REFUNDS = frozenset({REFUND_REJECTED, REFUND_DIFFERS, "refund_failed_later", "transfer_overtaken"})
OF_CARS = frozenset({CAR_NOT_SWITCHED})
OF_PAYMENTS = frozenset({DISPUTE_OPENED, REFUND_PROPOSED, "payment_open_long"})
CLOSED_BY_ITSELF = frozenset(
    {
        REFUND_REJECTED,
        REFUND_DIFFERS,
        REFUND_PROPOSED,
        DISPUTE_OPENED,
        CONTROL_OBJECTED,
        CAR_NOT_SWITCHED,
        CATALOGUE_UNREADABLE,
    }
)


class WorkItem(models.Model):
    """A finding of a nightly check, a refund that was rejected, an open dispute: open until it is closed (K4).

    The same finding is open once, however many nights find it; found again after it was closed, it is opened anew.
    """

    kind = models.CharField(max_length=60)
    # The row by public id, number or reference: it may be one that the database does not have.
    subject = models.CharField(max_length=200)
    # That row, where it is a refund, payment or car to be looked into.
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items")
    provisioning = models.ForeignKey(
        Provisioning, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    text = models.TextField()
    # Who of the staff looks after it; nobody yet.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="work_item_open_once"
            )
        ]
        indexes = [models.Index(fields=["subject"], name="work_item_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def closes_by_itself(self) -> bool:
        return self.kind in CLOSED_BY_ITSELF

    def days_open(self, now: datetime) -> int:
        """Whole days that it was, or has been, open."""
        return ((self.closed_at or now) - self.opened_at).days
