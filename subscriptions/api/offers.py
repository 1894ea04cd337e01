"""Handing control over by the app: offered with its figures, taken by the other account (V4, X10)."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import check_right, membership_or_404
from garage.control_access import offer_of_or_404, offer_to_or_404, offers_to, transfer_or_404
from garage.models import Membership
from garage.rules.control import Way
from garage.rules.membership import Right
from portal.api.views import ApiView
from subscriptions.actions import offer_control as actions
from subscriptions.actions.leave import removal_quote
from subscriptions.api import examples
from subscriptions.api.control import as_it_is, confirmed_quote, giving_link
from subscriptions.api.quotes import quoted
from subscriptions.api.serializers import (
    AskedTransferSerializer,
    ConfirmationSerializer,
    OfferAnswerSerializer,
    OfferQuoteSerializer,
    OfferSerializer,
    OffersSerializer,
    TransferSerializer,
)
from subscriptions.confirming import check_shown
from subscriptions.handing_over import schedule


class OfferingView(ApiView):
    """Hands control over: nothing ends before the other account takes it."""

    scopes = {"GET": "vehicles.read", "POST": "vehicles.write"}
    keyed = frozenset({"POST"})

    @extend_schema(responses=OfferQuoteSerializer, examples=examples.OFFER_QUOTE)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = _controlled(request, public_id)
        shown = schedule(membership, now=self.now)
        stretches = [{"since": first, "until": last, "refund": refund} for first, last, refund in shown.changes]
        figures = {"days": request.user.market.control_offer_days, "stretches": stretches}
        return Response(OfferQuoteSerializer(quoted(request.user, shown.today, shown=shown) | figures).data)

    @extend_schema(request=OfferSerializer, responses={201: TransferSerializer}, examples=examples.OFFER)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Mails the offer to the address, whether an account has it or not."""
        membership = _controlled(request, public_id)
        given = OfferSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        shown = schedule(membership, now=self.now)
        check_shown(given.validated_data["confirmation"], shown)
        email = given.validated_data["email"]
        transfer = actions.offer_control(
            membership=membership, email=email, confirmed=shown, now=self.now, by=request.user
        )
        return Response(as_it_is(request.user, transfer), status=status.HTTP_201_CREATED)


class OffersView(ApiView):
    """Offers of control to me that are open."""

    scopes = {"GET": "vehicles.read"}

    @extend_schema(operation_id="control_offers_list", responses=OffersSerializer, examples=examples.OFFERS)
    def get(self, request: Request) -> Response:
        offers = offers_to(request.user).open().order_by("begun_at", "pk")
        return Response(OffersSerializer({"results": offers}, context={"account": request.user}).data)


class OfferView(ApiView):
    """An offer, for both sides."""

    scopes = {"GET": "vehicles.read", "DELETE": "vehicles.write"}

    @extend_schema(responses=AskedTransferSerializer, examples=examples.OFFERED)
    def get(self, request: Request, public_id: UUID) -> Response:
        transfer = transfer_or_404(request.user, public_id, way=Way.OFFER)
        membership = giving_link(request.user, transfer)
        quote = quoted(request.user, removal_quote(membership, now=self.now)) if membership else None
        context = {"account": request.user, "quote": quote}
        return Response(AskedTransferSerializer(transfer, context=context).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Called off by whoever offered."""
        transfer = offer_of_or_404(request.user, public_id)
        actions.call_off_offer(transfer=transfer, now=self.now, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OfferAnswerView(ApiView):
    """Taken or declined, by the account to which it was made."""

    scopes = {"POST": "vehicles.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=OfferAnswerSerializer, responses=TransferSerializer, examples=examples.OFFER_ANSWER)
    def post(self, request: Request, public_id: UUID) -> Response:
        transfer = offer_to_or_404(request.user, public_id)
        given = OfferAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        answer = actions.accept_offer if given.validated_data["answer"] == "accept" else actions.decline_offer
        answer(transfer=transfer, now=self.now, by=request.user)
        return Response(as_it_is(request.user, transfer))


class OfferConfirmationView(ApiView):
    """By whoever offered, once more: what ends is no more what was confirmed, and the other account has said yes."""

    scopes = {"POST": "vehicles.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=ConfirmationSerializer, responses=TransferSerializer, examples=examples.CONFIRM_AGAIN)
    def post(self, request: Request, public_id: UUID) -> Response:
        transfer = offer_of_or_404(request.user, public_id)
        given = ConfirmationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        quote = confirmed_quote(request.user, transfer, given.validated_data["confirmation"], now=self.now)
        actions.confirm_again(transfer=transfer, confirmed=quote, now=self.now, by=request.user)
        return Response(as_it_is(request.user, transfer))


def _controlled(request: Request, public_id: UUID) -> Membership:
    membership = membership_or_404(request.user, public_id)
    check_right(membership, Right.CONTROL)
    return membership
