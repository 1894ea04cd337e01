"""What leaving with a car brings, and control that changes hands: shown first, then confirmed (X7, X10, V4)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.models import ControlTransfer
from garage.rules.control import State, Way
from portal.api.serializers import WithoutCardNumbers
from subscriptions.rules.cancellation import Basis
from subscriptions.words.presenting import ShownEnd

SEAL = "From the quote; taken back unchanged. Where the figures have changed since, 409 quote_changed: ask again."

YES_OR_NO = ["accept", "decline"]
CONTROL_STATES = [str(state) for state in State]
# The seal of an offer names each of its days.
MOST = 60_000


class Money(serializers.DecimalField):
    """Gross, two places, as text."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, **facts)


class EndSerializer(serializers.Serializer):
    """A subscription that ends, and what comes back."""

    subscription = serializers.UUIDField(source="shown.row.public_id")
    package = serializers.CharField(source="shown.row.package.code")
    package_name = serializers.CharField(source="shown.package_name")
    ends_on = serializers.DateField(source="quote.ends_on", help_text="The first day without service.")
    refund = Money(source="quote.refund")
    basis = serializers.ChoiceField(
        source="quote.basis", choices=[str(basis) for basis in Basis], help_text="By which rule it was reckoned."
    )
    months_used = serializers.IntegerField(source="quote.months_used")
    months_left = serializers.IntegerField(source="quote.months_left")
    may_wait_until = serializers.SerializerMethodField(
        help_text="A month that is paid and not paid back: cancel it first, and go on with this on that day."
    )

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_may_wait_until(self, end: ShownEnd) -> str | None:
        row = end.shown.row
        return row.next_charge_on.isoformat() if row.may_run_out and row.next_charge_on else None


class QuoteSerializer(serializers.Serializer):
    """What would end now, and what comes back."""

    ends = EndSerializer(many=True)
    refund = Money(help_text="In all, to the cards that paid.")
    currency = serializers.CharField()
    confirmation = serializers.CharField(help_text=SEAL)


class RemovalSerializer(QuoteSerializer):
    drivers = serializers.IntegerField(help_text="Drivers who lose access, invited ones among them.")
    is_offered = serializers.BooleanField(help_text="My offer of control ends.")
    is_asked_for = serializers.BooleanField(help_text="Another account has asked for control, and has it at once.")


class ConfirmationSerializer(WithoutCardNumbers):
    confirmation = serializers.CharField(max_length=MOST, help_text=SEAL)


class TransferSerializer(serializers.Serializer):
    """Control that was offered or asked for. Neither side is shown who the other is."""

    id = serializers.UUIDField(source="public_id")
    way = serializers.ChoiceField(choices=[str(way) for way in Way])
    state = serializers.ChoiceField(choices=CONTROL_STATES)
    is_mine = serializers.SerializerMethodField(help_text="Begun by this account.")
    begun_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Then an offer expires, and an unanswered request moves control.")
    email = serializers.CharField(help_text="Of an offer: the address to which it went. Else empty.")

    def get_is_mine(self, transfer: ControlTransfer) -> bool:
        began = transfer.giver_id if transfer.is_offer else transfer.taker_id
        return began == self.context["account"].pk


class ControlSerializer(serializers.Serializer):
    """Offers and requests about one of my cars that are open."""

    asked_of_me = TransferSerializer(many=True)
    asked_by_me = TransferSerializer(many=True)
    offered_by_me = TransferSerializer(many=True)
    offered_to_me = TransferSerializer(many=True)


class OffersSerializer(serializers.Serializer):
    results = TransferSerializer(many=True)


class AskedTransferSerializer(TransferSerializer):
    quote = serializers.SerializerMethodField(
        help_text="For whoever is asked: what yes would end. Null for the other side, and once it is over."
    )

    @extend_schema_field(QuoteSerializer(allow_null=True))
    def get_quote(self, transfer: ControlTransfer) -> dict[str, Any] | None:
        quote = self.context["quote"]
        return QuoteSerializer(quote).data if quote else None


class AnswerSerializer(WithoutCardNumbers):
    answer = serializers.ChoiceField(choices=["consent", "object"])
    confirmation = serializers.CharField(required=False, max_length=MOST, help_text=f"With consent. {SEAL}")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["answer"] == "consent" and "confirmation" not in given:
            missing = self.fields["confirmation"].error_messages["required"]
            raise serializers.ValidationError({"confirmation": missing}, code="required")
        return given


class OfferAnswerSerializer(WithoutCardNumbers):
    answer = serializers.ChoiceField(choices=YES_OR_NO)


class DaysSerializer(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    refund = Money()


class OfferQuoteSerializer(QuoteSerializer):
    """What an offer would end if it were taken today, and what comes back on each day that it is good for."""

    days = serializers.IntegerField(help_text="How long an offer is good for.")
    stretches = DaysSerializer(many=True)


class OfferSerializer(ConfirmationSerializer):
    email = serializers.EmailField(max_length=254, help_text="Only an account that has confirmed it can take control.")
