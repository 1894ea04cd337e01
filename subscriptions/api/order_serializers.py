"""The summary of an order, and the order (S2)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Account, Dealer
from portal.api.serializers import WithoutCardNumbers
from subscriptions.api.outcome_serializers import DayOutcomeSerializer
from subscriptions.api.serializers import MOST, SEAL, Money
from subscriptions.api.subscription_serializers import SubscriptionSerializer
from subscriptions.api.wallet_serializers import CardSerializer
from subscriptions.models import Subscription
from subscriptions.rules.periods import TERM_MONTHS


class ChoiceSerializer(WithoutCardNumbers):
    """What is ordered: a term, and the dealer who helped, if one is named."""

    term = serializers.ChoiceField(choices=list(TERM_MONTHS))
    dealer = serializers.UUIDField(required=False, allow_null=True, help_text="Of the account's list of dealers.")

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def validate_dealer(self, public_id: Any) -> Dealer | None:
        if public_id is None or self.account is None:
            return None
        found = Dealer.objects.filter(market=self.account.market_id, is_active=True, public_id=public_id)
        dealer = found.select_related("town").first()
        if dealer is None:
            raise serializers.ValidationError(self.fields["dealer"].error_messages["invalid"], code="does_not_exist")
        return dealer


class AskingSerializer(ChoiceSerializer):
    day = serializers.DateField(required=False, help_text="What if it ended on that day; else three sample days.")


class OrderSerializer(ChoiceSerializer):
    confirmation = serializers.CharField(max_length=MOST, help_text=SEAL)


class ObstacleSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="With which the order would be refused.")
    detail = serializers.CharField()


class SummarySerializer(serializers.Serializer):
    """All that is agreed with the order. The app shows `order_text` beside a button with `button_label`."""

    package = serializers.CharField()
    package_name = serializers.CharField()
    term = serializers.CharField()
    term_name = serializers.CharField()
    price = Money(help_text="Gross, for the term.")
    net = Money()
    vat = Money()
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    currency = serializers.CharField()
    is_trial = serializers.BooleanField(help_text="The first month is free.")
    is_ahead = serializers.BooleanField(help_text="It starts when the free period ends; nothing is charged before.")
    starts_on = serializers.DateField()
    charges_on = serializers.ListField(child=serializers.DateField(), help_text="The first, and those that follow.")
    withdraw_until = serializers.DateField()
    rights = serializers.ListField(child=serializers.CharField(), help_text="Sentences: cancelling, withdrawing ...")
    card = CardSerializer(allow_null=True, help_text="That would be charged.")
    billed_to = serializers.ListField(child=serializers.CharField(), help_text="Name and address; empty: none kept.")
    dealer = serializers.CharField(allow_blank=True, help_text="Who helped.")
    obstacles = ObstacleSerializer(many=True, help_text="To be mended first: the card, the billing address.")
    outcomes = DayOutcomeSerializer(many=True)
    order_text = serializers.CharField(help_text="The words that the contract keeps.")
    button_label = serializers.CharField()
    confirmation = serializers.CharField(help_text=SEAL)


class OrderedSerializer(SubscriptionSerializer):
    authentication_url = serializers.SerializerMethodField(
        help_text="Only while it is pending: the provider's page on which the bank asks (3-D Secure). Open it in a "
        "browser, then ask for the payment's outcome."
    )

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_authentication_url(self, row: Subscription) -> str | None:
        return self.context.get("authentication_url") or None
