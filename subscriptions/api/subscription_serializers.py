"""A subscription as the app is told of it: its state in the page's words, its dates, and what was agreed (C1, S10)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from subscriptions.api.refund_serializers import RefundSerializer
from subscriptions.api.serializers import Money
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import EndReason, Status
from subscriptions.rules.periods import TERM_MONTHS
from subscriptions.words import presenting
from subscriptions.words.terms import term_name

STATUSES = [str(status) for status in Status if status is not Status.ABANDONED]


class SubscriptionSerializer(serializers.Serializer):
    """In a list and by itself; `as_shown` is what the page's large figure says."""

    id = serializers.UUIDField(source="public_id")
    package = serializers.CharField(source="package.code")
    package_name = serializers.CharField(source="package.name")
    car = serializers.SerializerMethodField(help_text="Model and plate, as the account knows them.")
    status = serializers.ChoiceField(choices=STATUSES)
    is_ending = serializers.BooleanField(help_text="The customer's own end is set and has not come.")
    as_shown = serializers.SerializerMethodField()
    term = serializers.ChoiceField(choices=list(TERM_MONTHS), allow_blank=True, help_text="Empty: complimentary.")
    term_name = serializers.SerializerMethodField()
    price = Money(source="running_price", help_text="Gross, of the period that runs.")
    currency = serializers.CharField()
    ordered_at = serializers.DateTimeField()
    activated_on = serializers.DateField()
    next_charge_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text="The first day without service.")
    end_reason = serializers.ChoiceField(choices=[str(reason) for reason in EndReason], allow_blank=True)

    def get_car(self, row: Subscription) -> str:
        plate = row.vehicle.plate if row.is_live else getattr(row, "known_plate", "")
        return f"{row.vehicle.model} {plate}".strip()

    @extend_schema_field(
        {
            "type": "object",
            "required": ["state", "label", "on", "sentence"],
            "properties": {
                "state": {"type": "string"},
                "label": {"type": "string"},
                "on": {"type": ["string", "null"], "format": "date"},
                "sentence": {"type": "string"},
            },
        }
    )
    def get_as_shown(self, row: Subscription) -> dict[str, Any]:
        shown = presenting.present(row, is_paused=bool(self.context.get("is_paused")))
        on = shown.on.isoformat() if shown.on else None
        return {"state": shown.badge, "label": shown.headline, "on": on, "sentence": shown.sentence}

    def get_term_name(self, row: Subscription) -> str:
        return term_name(row.term) if row.term else ""


class AmendmentSerializer(serializers.Serializer):
    """A new price that was accepted, from its charge on."""

    first_charge_on = serializers.DateField()
    price = Money()
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    accepted_at = serializers.DateTimeField()
    terms_version = serializers.CharField(source="terms_version.version")
    order_text = serializers.CharField()


class AgreedSerializer(serializers.Serializer):
    """As it was agreed, and never changed."""

    package = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    vin = serializers.CharField()
    term = serializers.CharField()
    price = Money()
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    currency = serializers.CharField()
    activated_on = serializers.DateField()
    trial_months = serializers.IntegerField()


class ContractSerializer(serializers.Serializer):
    """What was agreed on ordering (S10)."""

    number = serializers.CharField()
    ordered_at = serializers.DateTimeField()
    terms_version = serializers.CharField(
        source="terms_version.version",
        default=None,
        allow_null=True,
        help_text="Null for one that was taken over from another system.",
    )
    language = serializers.CharField()
    order_text = serializers.CharField(help_text="The words beside the button that obliges to pay.")
    agreed = AgreedSerializer()
    amendments = AmendmentSerializer(many=True, help_text="The order's first: each holds from its own charge on.")


class NextChargeSerializer(serializers.Serializer):
    on = serializers.DateField()
    amount = Money()
    sentences = serializers.ListField(child=serializers.CharField(), help_text="How it is reckoned.")


class EventSerializer(serializers.Serializer):
    on = serializers.DateField(source="date")
    title = serializers.CharField()
    text = serializers.CharField(default="")
    is_planned = serializers.BooleanField(default=False)


class PlannedTermSerializer(serializers.Serializer):
    """S8: on that day the customer is led to the order; nothing is ordered before."""

    term = serializers.CharField(source="plan.term")
    begins_on = serializers.DateField()


class MaySerializer(serializers.Serializer):
    """What can be done now; each has a call of its own."""

    cancel = serializers.BooleanField()
    undo_cancellation = serializers.BooleanField()
    withdraw = serializers.BooleanField()
    change_term = serializers.BooleanField()
    answer_new_price = serializers.BooleanField()
    pay_now = serializers.BooleanField()


class SubscriptionDetailSerializer(SubscriptionSerializer):
    may = serializers.SerializerMethodField()
    contract = serializers.SerializerMethodField(help_text="Null of what is free, and until it is concluded.")
    next_charge = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField(help_text="Why was I (not) charged on the day of `about` (P9).")
    planned_term = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField(help_text="The newest first; what is planned before all.")
    refunds = serializers.SerializerMethodField()

    def _of(self, name: str) -> Any:
        return self.context["detail"][name]

    @extend_schema_field(MaySerializer)
    def get_may(self, row: Subscription) -> Any:
        return MaySerializer(self._of("may")).data

    @extend_schema_field(ContractSerializer(allow_null=True))
    def get_contract(self, row: Subscription) -> Any:
        return ContractSerializer(self._of("contract")).data if self._of("contract") else None

    @extend_schema_field(NextChargeSerializer(allow_null=True))
    def get_next_charge(self, row: Subscription) -> Any:
        return NextChargeSerializer(self._of("next_charge")).data if self._of("next_charge") else None

    def get_explanation(self, row: Subscription) -> str:
        return self._of("explanation")

    @extend_schema_field(PlannedTermSerializer(allow_null=True))
    def get_planned_term(self, row: Subscription) -> Any:
        return PlannedTermSerializer(self._of("planned_term")).data if self._of("planned_term") else None

    @extend_schema_field(EventSerializer(many=True))
    def get_timeline(self, row: Subscription) -> Any:
        return EventSerializer(self._of("timeline"), many=True).data

    @extend_schema_field(RefundSerializer(many=True))
    def get_refunds(self, row: Subscription) -> Any:
        return RefundSerializer(self._of("refunds"), many=True).data
