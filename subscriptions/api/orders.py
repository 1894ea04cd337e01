"""Ordering in the app (S2, C8): the summary with its figures sealed, then the order by the same action as checkout.

The order's own key comes from the call's: the app cannot order twice by sending a call again, whatever became of the
first answer.
"""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import BillingProfile, Dealer
from garage.access import check_right, membership_or_404
from garage.models import Membership
from garage.rules.membership import Right
from portal.api import idempotency
from portal.api.views import ApiView
from portal.money import split_gross
from portal.refusals import Refusal
from subscriptions.access import cards_of, subscription_or_404
from subscriptions.actions.end import has_used_right
from subscriptions.actions.pay_now import page_to_confirm
from subscriptions.actions.subscribe import check_order, subscribe
from subscriptions.actions.wallet import no_billing_address
from subscriptions.api import centre_examples as examples
from subscriptions.api.order_serializers import AskingSerializer, OrderedSerializer, OrderSerializer, SummarySerializer
from subscriptions.centre.ordering import Proposal, card_problem, order_text, outcomes_of, propose, rights_of
from subscriptions.centre.packages import Offer, offer_for
from subscriptions.confirming import check_shown, seal
from subscriptions.forms.customers import OUT_OF_SIGHT
from subscriptions.gateway import get_gateway
from subscriptions.models import Plan
from subscriptions.rules.offer import Channel
from subscriptions.rules.projection import out_of_sight
from subscriptions.vat import treatment_for
from subscriptions.ways_back import after_order
from subscriptions.words.terms import term_name


class OrderView(ApiView):
    """A plan of a package for a car: what would be agreed, and the order."""

    scopes = {"GET": "services.read", "POST": "services.write"}
    keyed = frozenset({"POST"})

    @extend_schema(parameters=[AskingSerializer], responses=SummarySerializer, examples=examples.SUMMARY)
    def get(self, request: Request, public_id: UUID, package: str) -> Response:
        """The summary. What stands against the order is 409, with the code with which it would be refused."""
        membership, offer = self._asked_for(request, public_id, package)
        asked = AskingSerializer(data=request.query_params, account=request.user)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        plan = self._plan(offer, given["term"])
        check_order(account=request.user, vehicle=membership.vehicle, plan=plan, now=self.now)
        proposal = propose(plan, offer, given.get("dealer"), today=self._today)
        return Response(SummarySerializer(self._summary(offer, proposal, day=given.get("day"))).data)

    @extend_schema(request=OrderSerializer, responses={201: OrderedSerializer}, examples=examples.ORDER)
    def post(self, request: Request, public_id: UUID, package: str) -> Response:
        """Orders with the obligation to pay. Sent again it answers with what was ordered.

        Where the bank wants the first charge confirmed the order is pending and comes with `authentication_url`.
        """
        membership, offer = self._asked_for(request, public_id, package)
        given = OrderSerializer(data=request.data, account=request.user)
        given.is_valid(raise_exception=True)
        chosen = given.validated_data
        proposal = self._proposed(membership, offer, chosen["term"], chosen.get("dealer"))
        check_shown(chosen["confirmation"], proposal)
        gateway = get_gateway()
        row = subscribe(
            account=request.user,
            vehicle=membership.vehicle,
            plan=proposal.plan,
            order_key=self._order_key(request),
            order_text=order_text(offer, proposal, currency=request.user.market.currency),
            now=self.now,
            by=request.user,
            gateway=gateway,
            return_url_of=after_order,
            first_charge_on=proposal.first_charge_on,
            referred_dealer=proposal.referred_dealer,
            channel=Channel.APP,
        )
        asked_at = page_to_confirm(subscription=row, now=self.now, gateway=gateway)
        ordered = subscription_or_404(request.user, row.public_id)
        answer = OrderedSerializer(ordered, context={"authentication_url": asked_at})
        return Response(answer.data, status=status.HTTP_201_CREATED)

    @property
    def _today(self) -> Any:
        return self.request.user.market.local_date(self.now)

    def _asked_for(self, request: Request, public_id: UUID, package: str) -> tuple[Membership, Offer]:
        membership = membership_or_404(request.user, public_id)
        offer = offer_for(membership, package, today=self._today)
        if offer is None:
            raise Http404
        check_right(membership, Right.CONTROL)
        return membership, offer

    def _plan(self, offer: Offer, term: str) -> Plan:
        plan = next((plan for plan in offer.plans if plan.term == term), None)
        if plan is None:
            raise ValidationError({"term": _("The package is not sold at this term.")}, code="not_offered")
        return plan

    def _proposed(self, membership: Membership, offer: Offer, term: str, dealer: Dealer | None) -> Proposal:
        return propose(self._plan(offer, term), offer, dealer, today=self._today)

    def _order_key(self, request: Request) -> UUID:
        called = f"{request.auth.client_id}:{request.user.public_id}:{request.headers[idempotency.HEADER]}"
        return uuid5(NAMESPACE_URL, f"api-order:{called}")

    def _summary(self, offer: Offer, proposal: Proposal, *, day: Any) -> dict[str, Any]:
        account = self.request.user
        self._check_in_sight(day)
        profile = BillingProfile.objects.filter(account=account).first()
        card = cards_of(account).first()
        treatment = treatment_for(account, card=card, profile=profile, on=self._today)
        vat, used = split_gross(proposal.price, treatment.rate), has_used_right(account)
        obstacles = [card_problem(card, today=self._today), None if profile else no_billing_address()]
        return {
            **{name: getattr(proposal, name) for name in ("price", "is_trial", "is_ahead", "starts_on", "charges_on")},
            "package": offer.package.code,
            "package_name": offer.package.name,
            "term": proposal.plan.term,
            "term_name": term_name(proposal.plan.term),
            "net": vat.net,
            "vat": vat.vat,
            "vat_rate": treatment.rate,
            "currency": account.market.currency,
            "withdraw_until": proposal.withdraw_until,
            "rights": rights_of(proposal, has_used_right=used),
            "card": card,
            "billed_to": [profile.name, *profile.address_lines] if profile else [],
            "dealer": proposal.referred_dealer.name if proposal.referred_dealer else "",
            "obstacles": [_said(refusal) for refusal in obstacles if refusal],
            "outcomes": outcomes_of(offer, proposal, has_used_right=used, today=self._today, day=day),
            "order_text": order_text(offer, proposal, currency=account.market.currency),
            "button_label": _("Order with obligation to pay"),
            "confirmation": seal(proposal),
        }

    def _check_in_sight(self, day: Any) -> None:
        unseen = out_of_sight(day, today=self._today) if day else None
        if unseen:
            raise ValidationError({"day": OUT_OF_SIGHT[unseen]}, code=unseen)


def _said(refusal: Refusal) -> dict[str, str]:
    return {"code": refusal.code, "detail": str(refusal)}
