"""What the provider tells of its own accord: events, stored once, and disputes (P10)."""

import uuid

from django.db import models
from django.db.models import Q

from subscriptions.models.payment import Payment
from subscriptions.rules.lifecycle import DisputeState, check_dispute_move


class ProviderEvent(models.Model):
    """A verified webhook, stored once by the provider's id. It says what to ask about, never what to believe."""

    event_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=200)
    # The idempotency key of the charge or refund, the provider's reference of a dispute.
    subject_key = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=Q(handled_at__isnull=True), name="provider_event_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Dispute(models.Model):
    """The customer's bank claims a payment back: refunds of it are frozen while it is open."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    dispute_ref = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    state = models.CharField(max_length=8, choices=[(state, state) for state in DisputeState])
    opened_at = models.DateTimeField(help_text="When the portal learnt of it.")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPENED, settled_at__isnull=True)
                | Q(state__in=[DisputeState.WON, DisputeState.LOST], settled_at__isnull=False),
                name="dispute_settled_has_state",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state=DisputeState.OPENED), name="dispute_one_open_per_payment"
            ),
        ]

    def __str__(self) -> str:
        return self.dispute_ref

    def move_to(self, state: DisputeState) -> None:
        """Changes the state by the table; the caller holds the payment's lock and saves."""
        check_dispute_move(DisputeState(self.state), state)
        self.state = state
