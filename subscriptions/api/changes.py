"""Going on otherwise: at another term, or at a new price (S8, S10)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers import WithoutCardNumbers
from portal.api.views import ApiView
from portal.money import split_gross
from subscriptions.access import subscription_or_404
from subscriptions.actions import price_answer
from subscriptions.actions.change_term import change_term, term_change, terms_to_change_to
from subscriptions.api import subscription_examples as examples
from subscriptions.api.centre_serializers import PriceSerializer
from subscriptions.api.outcome_serializers import EndingSerializer
from subscriptions.api.serializers import MOST, SEAL, YES_OR_NO, EndSerializer, Money
from subscriptions.api.subscription_serializers import SubscriptionDetailSerializer
from subscriptions.api.subscriptions import shown
from subscriptions.centre.priced import priced_plans
from subscriptions.confirming import check_shown, seal
from subscriptions.models import Plan, Subscription
from subscriptions.rules.periods import TERM_MONTHS
from subscriptions.rules.term_change import TermChange
from subscriptions.words.presenting import present_consequences
from subscriptions.words.prices import order_text


class TermChangeSerializer(serializers.Serializer):
    """Both sides of it: what ends, and what can begin."""

    term = serializers.CharField()
    price = Money(help_text="Of today.")
    begins_on = serializers.DateField(help_text="From this day on the new term can be ordered.")
    is_at_once = serializers.BooleanField(help_text="It can be ordered right after the change.")
    first_charge_on = serializers.DateField()
    end = EndingSerializer(allow_null=True, help_text="Null: its end is set already.")
    add_ons = EndSerializer(many=True, source="consequences")
    confirmation = serializers.CharField(help_text=SEAL)


class TermsSerializer(serializers.Serializer):
    """The terms to change to; with `term` in the address, what changing to that one would bring."""

    terms = PriceSerializer(many=True)
    change = TermChangeSerializer(allow_null=True)


class ChangeSerializer(WithoutCardNumbers):
    term = serializers.ChoiceField(choices=list(TERM_MONTHS))
    confirmation = serializers.CharField(max_length=MOST, help_text=SEAL)


TERM = OpenApiParameter("term", str, enum=list(TERM_MONTHS), description="What changing to it would bring.")


class TermView(ApiView):
    """Another term: this one ends by its own rule, and the other is an order of its own from then on."""

    scopes = {"GET": "services.read", "POST": "services.write"}
    keyed = frozenset({"POST"})

    @extend_schema(parameters=[TERM], responses=TermsSerializer, examples=examples.TERMS)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        plans, asked = terms_to_change_to(row), request.query_params.get("term")
        change = self._change(row, _chosen(plans, asked)) if asked else None
        return Response(TermsSerializer({"terms": priced_plans(plans), "change": change}).data)

    @extend_schema(request=ChangeSerializer, responses=SubscriptionDetailSerializer, examples=examples.CHANGE_TERM)
    def post(self, request: Request, public_id: UUID) -> Response:
        """The order of the new term follows as a call of its own: now, or on its day, of which a notice tells."""
        row = subscription_or_404(request.user, public_id)
        given = ChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        plan = _chosen(terms_to_change_to(row), given.validated_data["term"])
        confirmed = term_change(row, plan, now=self.now)
        check_shown(given.validated_data["confirmation"], confirmed)
        change_term(subscription=row, plan=plan, confirmed=confirmed, now=self.now, by=request.user)
        return Response(shown(request, public_id, now=self.now))

    def _change(self, row: Subscription, plan: Plan) -> dict[str, Any]:
        change: TermChange = term_change(row, plan, now=self.now)
        names = ("term", "price", "begins_on", "first_charge_on", "end")
        return {
            **{name: getattr(change, name) for name in names},
            "is_at_once": change.is_at_once(row.market.local_date(self.now)),
            "consequences": present_consequences(row.account, change.end.add_ons if change.end else ()),
            "confirmation": seal(change),
        }


class NewPriceSerializer(serializers.Serializer):
    """A new price that waits for an answer; without one the subscription ends on the day of the charge."""

    old_price = Money()
    price = Money()
    vat = Money()
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    currency = serializers.CharField()
    charge_on = serializers.DateField(help_text="The first charge that it touches.")
    was_declined = serializers.BooleanField(help_text="It can still be accepted.")
    order_text = serializers.CharField(help_text="The words that the contract keeps, beside the button that accepts.")
    confirmation = serializers.CharField(help_text=SEAL)


class PriceAnswerSerializer(WithoutCardNumbers):
    answer = serializers.ChoiceField(choices=YES_OR_NO)
    confirmation = serializers.CharField(max_length=MOST, help_text=SEAL)


class NewPriceView(ApiView):
    """The new price of a running contract: both prices, and the answer."""

    scopes = {"GET": "services.read", "POST": "services.write"}
    keyed = frozenset({"POST"})

    @extend_schema(responses=NewPriceSerializer, examples=examples.NEW_PRICE)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        offer = price_answer.offer_to_answer(row, now=self.now)
        figures = {name: getattr(offer, name) for name in ("old_price", "price", "vat_rate", "charge_on")} | {
            "vat": split_gross(offer.price, offer.vat_rate).vat,
            "currency": row.currency,
            "was_declined": offer.declined_at is not None,
            "order_text": order_text(row, offer),
            "confirmation": seal(price_answer.shown(offer)),
        }
        return Response(NewPriceSerializer(figures).data)

    @extend_schema(
        request=PriceAnswerSerializer, responses=SubscriptionDetailSerializer, examples=examples.ANSWER_PRICE
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        given = PriceAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        offer = price_answer.offer_to_answer(row, now=self.now)
        confirmed = price_answer.shown(offer)
        check_shown(given.validated_data["confirmation"], confirmed)
        facts: dict[str, Any] = {"subscription": row, "now": self.now, "by": request.user}
        if given.validated_data["answer"] == "decline":
            price_answer.decline_price(**facts)
        else:
            price_answer.accept_price(confirmed=confirmed, order_text=order_text(row, offer), **facts)
        return Response(shown(request, public_id, now=self.now))


def _chosen(plans: list[Plan], term: str | None) -> Plan:
    plan = next((plan for plan in plans if plan.term == term), None)
    if plan is None:
        raise ValidationError({"term": _("This term is not offered for your subscription.")}, code="not_offered")
    return plan
