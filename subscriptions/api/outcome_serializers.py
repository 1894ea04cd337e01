"""Quotes of ends, and "what if", as the app is told of them (X1, X5, X10, S13)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from subscriptions.api.serializers import SEAL, EndSerializer, Money
from subscriptions.rules.cancellation import Basis
from subscriptions.templatetags.subscriptions import quote_sentence
from subscriptions.what_if import Outcome


class EndingSerializer(serializers.Serializer):
    """How one subscription would end."""

    ends_on = serializers.DateField(help_text="The first day without service.")
    refund = Money()
    basis = serializers.ChoiceField(choices=[str(basis) for basis in Basis])
    months_used = serializers.IntegerField()
    months_left = serializers.IntegerField()
    sentence = serializers.SerializerMethodField(help_text="By which rule it was reckoned, with its figures.")

    def get_sentence(self, quote: Any) -> str:
        return quote_sentence(quote)


class CancellationSerializer(EndingSerializer):
    """What cancelling now would bring; the confirmation is a seal over it."""

    add_ons = EndSerializer(many=True, source="consequences", help_text="What ends with it (S12).")
    refund_in_all = Money()
    currency = serializers.CharField()
    confirmation = serializers.CharField(help_text=SEAL)

    def get_sentence(self, quote: Any) -> str:
        return quote_sentence(quote["quote"])


class WithdrawalSerializer(serializers.Serializer):
    """What withdrawing now would bring: services end at once."""

    ends_on = serializers.DateField()
    refund = Money()
    add_ons = EndSerializer(many=True, source="consequences", help_text="What ends with it (S12).")
    refund_in_all = Money()
    currency = serializers.CharField()
    label = serializers.CharField(help_text="Of the control that confirms, in the words of the law (X9).")
    confirmation = serializers.CharField(help_text=SEAL)


class ChargeSerializer(serializers.Serializer):
    on = serializers.DateField()
    amount = Money()


class BriefWithdrawalSerializer(serializers.Serializer):
    ends_on = serializers.DateField()
    refund = Money()


class OtherTermSerializer(serializers.Serializer):
    """S8: the same package at another term, from the day on which this one has ended."""

    term = serializers.CharField(source="plan.term")
    price = Money(source="plan.price")
    starts_on = serializers.DateField()
    charges_on = serializers.ListField(child=serializers.DateField())


class DayOutcomeSerializer(serializers.Serializer):
    """What a day would bring, by the code that executes; where something cannot be done a sentence says why."""

    day = serializers.DateField(source="on")
    currency = serializers.CharField()
    charges = ChargeSerializer(many=True, help_text="Made between now and that day.")
    next_charges = ChargeSerializer(source="upcoming", many=True, help_text="That would follow.")
    cancellation = serializers.SerializerMethodField()
    no_cancellation = serializers.CharField()
    withdrawal = serializers.SerializerMethodField()
    no_withdrawal = serializers.CharField()
    removal = serializers.SerializerMethodField(help_text="Of this subscription, if the car left the garage that day.")
    others_removed = serializers.IntegerField(help_text="How many more would end with the car.")
    other_terms = OtherTermSerializer(source="term_changes", many=True)

    @extend_schema_field(EndingSerializer(allow_null=True))
    def get_cancellation(self, outcome: Outcome) -> Any:
        return EndingSerializer(outcome.cancellation).data if outcome.cancellation else None

    @extend_schema_field(BriefWithdrawalSerializer(allow_null=True))
    def get_withdrawal(self, outcome: Outcome) -> Any:
        return BriefWithdrawalSerializer(outcome.withdrawal).data if outcome.withdrawal else None

    @extend_schema_field(EndingSerializer(allow_null=True))
    def get_removal(self, outcome: Outcome) -> Any:
        return EndingSerializer(outcome.removed).data if outcome.removed else None
