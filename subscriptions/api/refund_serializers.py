"""What was promised back, and where it is, in words (X6)."""

from rest_framework import serializers

from subscriptions.api.serializers import Money
from subscriptions.rules.lifecycle import RefundStatus

REFUND_STATUSES = [str(status) for status in RefundStatus]


class RefundSerializer(serializers.Serializer):
    """Of a `ShownRefund`."""

    id = serializers.UUIDField(source="row.public_id")
    subscription = serializers.UUIDField(source="row.payment.subscription.public_id")
    package_name = serializers.CharField(source="row.payment.subscription.package.name")
    amount = Money(source="row.amount")
    currency = serializers.CharField(source="row.currency")
    status = serializers.ChoiceField(source="row.status", choices=REFUND_STATUSES)
    state = serializers.CharField(source="badge", help_text="In words.")
    sentence = serializers.CharField(help_text="Which card it goes to, and by when it should be there.")
    promised_at = serializers.DateTimeField(source="row.promised_at")
    expected_on = serializers.DateField(source="row.expected_on")
    is_overdue = serializers.BooleanField(help_text="Offer to write to the customer centre.")
