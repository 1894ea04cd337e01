"""What is owed and what has moved are different rows: a payment is one try at one period, a refund one promise."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from subscriptions.models.subscription import Subscription
from subscriptions.models.wallet import PaymentCard
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, DisputeState, PaymentStatus, RefundChannel, RefundStatus


class Payment(models.Model):
    """Saved before the provider is called (`started`), settled once when its outcome is known."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="payments")
    card = models.ForeignKey(PaymentCard, on_delete=models.PROTECT, related_name="payments")
    period_index = models.PositiveIntegerField()
    period_from = models.DateField()
    period_to = models.DateField()
    # 1 to 3 (P2); a technical failure keeps the number (P7).
    attempt = models.PositiveSmallIntegerField()
    # The idempotency key at the provider: one per row, the same whenever this row is sent.
    key = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=[(status, status) for status in PaymentStatus])
    reason = models.CharField(max_length=40, blank=True)
    charge_ref = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    # Promised refunds count as gone, so that what is left can never be promised twice.
    refunded = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal("0.00"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "period_index"],
                condition=Q(status=PaymentStatus.SUCCEEDED),
                name="payment_period_paid_once",
            ),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(status__in=sorted(OPEN_PAYMENTS)), name="payment_one_open"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")), name="payment_refunded_at_most_paid"
            ),
            models.CheckConstraint(
                condition=Q(refunded=0) | Q(status=PaymentStatus.SUCCEEDED), name="payment_refunded_only_if_paid"
            ),
            models.CheckConstraint(condition=Q(period_from__lt=F("period_to")), name="payment_period_forward"),
            models.CheckConstraint(condition=Q(attempt__range=(1, 3)), name="payment_three_attempts"),
        ]
        indexes = [
            models.Index(fields=["started_at"], condition=Q(status__in=sorted(OPEN_PAYMENTS)), name="payment_open"),
            models.Index(fields=["account", "-started_at"], name="payment_of_account"),
            models.Index(fields=["charge_ref"], condition=~Q(charge_ref=""), name="payment_charge_ref"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_PAYMENTS

    @property
    def is_settled(self) -> bool:
        """Its outcome stands for good; a technical failure is sent again."""
        return self.status in {PaymentStatus.SUCCEEDED, PaymentStatus.DECLINED}

    @property
    def is_disputed(self) -> bool:
        """Whether the bank is looking into it, so that refunds of it are frozen (P10). One query."""
        return self.disputes.filter(state=DisputeState.OPENED).exists()

    @property
    def refundable(self) -> Decimal:
        return self.amount - self.refunded


class Refund(models.Model):
    """Exists before the provider is called; goes to the card that paid, even if it has left the wallet (X6)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    # How it was reckoned: the basis of the quote, with months used and left.
    basis = models.CharField(max_length=20)
    months_used = models.PositiveSmallIntegerField(null=True, blank=True)
    months_left = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=[(status, status) for status in RefundStatus])
    reason = models.CharField(max_length=40, blank=True)
    channel = models.CharField(
        max_length=10, choices=[(channel, channel) for channel in RefundChannel], default=RefundChannel.CARD
    )
    # The provider's reference, or that of the bank transfer.
    refund_ref = models.CharField(max_length=80, blank=True)
    promised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(help_text="The day by which the money should be there (X6).")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(channel=RefundChannel.CARD) | Q(status=RefundStatus.SUCCEEDED),
                name="refund_by_transfer_is_paid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["promised_at"], condition=~Q(status=RefundStatus.SUCCEEDED), name="refund_not_yet_paid"
            ),
            models.Index(fields=["refund_ref"], condition=~Q(refund_ref=""), name="refund_ref_given"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_by_transfer(self) -> bool:
        return self.channel == RefundChannel.TRANSFER

    @property
    def is_rejected(self) -> bool:
        return self.status == RefundStatus.REJECTED
