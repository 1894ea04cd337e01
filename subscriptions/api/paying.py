"""Paying at once what was declined, on the primary card; where the bank asks, on the provider's own page (P2, P8)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.views import ApiView
from portal.refusals import Refusal
from subscriptions.access import cards_of, refused_order, subscription_or_404
from subscriptions.actions.pay_now import CARD_CHANGED, card_to_pay_with, finish_paying, pay_now
from subscriptions.actions.subscribe import check_not_abandoned
from subscriptions.api import subscription_examples as examples
from subscriptions.api.serializers import Money
from subscriptions.api.wallet_serializers import CardSerializer, PaymentAskedSerializer
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import Charged, ChargeOutcome, Declined, NeedsAuthentication
from subscriptions.ways_back import after_payment
from subscriptions.words.reasons import decline_sentence

PAY_OUTCOMES = ["charged", "declined", "needs_authentication", "unknown"]


class DueChargeSerializer(serializers.Serializer):
    """What would be charged now, and to which card."""

    amount = Money()
    currency = serializers.CharField()
    due_on = serializers.DateField()
    card = CardSerializer()


class PaidSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(
        choices=PAY_OUTCOMES, help_text="unknown: the bank has not answered yet; nothing is charged twice."
    )
    detail = serializers.CharField(help_text="For the person.")
    authentication_url = serializers.URLField(
        allow_null=True, help_text="The provider's page on which the bank asks (3-D Secure): open it in a browser."
    )


class PaymentView(ApiView):
    """The charge that was declined."""

    scopes = {"GET": "payments.read", "POST": "payments.write"}
    keyed = frozenset({"POST"})

    @extend_schema(responses=DueChargeSerializer, examples=examples.DUE)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        card = card_to_pay_with(row)
        due = {"amount": row.next_price, "currency": row.currency, "due_on": row.next_charge_on, "card": card}
        return Response(DueChargeSerializer(due).data)

    @extend_schema(request=PaymentAskedSerializer, responses=PaidSerializer, examples=examples.PAY)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        given = PaymentAskedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        card = cards_of(request.user).filter(public_id=given.validated_data["card"]).first()
        if card is None:
            raise Refusal("quote_changed", CARD_CHANGED)
        outcome = pay_now(
            subscription=row,
            card=card,
            return_url=after_payment(row),
            now=self.now,
            by=request.user,
            gateway=get_gateway(),
        )
        return Response(PaidSerializer(_said(outcome)).data)


class PaymentOutcomeView(ApiView):
    """After the provider's page: asks what the customer answered there, of a payment or of an order that waits for its
    first charge. Asked again it changes nothing. An order of which nothing came is 409, with the reason."""

    scopes = {"POST": "payments.write"}

    @extend_schema(request=None, responses=PaidSerializer, examples=examples.PAID)
    def post(self, request: Request, public_id: UUID) -> Response:
        if refused := refused_order(request.user, public_id):
            check_not_abandoned(refused)
        row = subscription_or_404(request.user, public_id)
        outcome = finish_paying(subscription=row, now=self.now, gateway=get_gateway())
        return Response(PaidSerializer(_said(outcome)).data)


def _said(outcome: ChargeOutcome | None) -> dict[str, Any]:
    match outcome:
        case Charged():
            words = _("Thank you, the payment is made. Your invoice is on its way by e-mail.")
            return {"outcome": "charged", "detail": words, "authentication_url": None}
        case Declined(reason=reason):
            return {"outcome": "declined", "detail": str(decline_sentence(reason)), "authentication_url": None}
        case NeedsAuthentication(url=url):
            words = str(decline_sentence("needs_authentication"))
            return {"outcome": "needs_authentication", "detail": words, "authentication_url": url or None}
    words = _("There is no answer from the payment provider. Nothing is charged twice.")
    return {"outcome": "unknown", "detail": words, "authentication_url": None}
