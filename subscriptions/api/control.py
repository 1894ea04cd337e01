"""Asking for control of a car over the API, and answering whoever asks (V4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from garage.access import membership_or_404
from garage.control_access import link_of, request_of_or_404, request_to_or_404, transfer_or_404, transfers_about
from garage.models import ControlTransfer, Membership
from garage.rules.control import Way
from portal.api.views import ApiView
from portal.refusals import Refusal
from subscriptions.actions import control as actions
from subscriptions.actions.leave import removal_quote
from subscriptions.api import examples
from subscriptions.api.quotes import quoted
from subscriptions.api.serializers import (
    AnswerSerializer,
    AskedTransferSerializer,
    ControlSerializer,
    TransferSerializer,
)
from subscriptions.confirming import check_shown
from subscriptions.rules.leaving import RemovalQuote


class ControlView(ApiView):
    """What is open about control of the car, and concerns me."""

    scopes = {"GET": "vehicles.read"}

    @extend_schema(responses=ControlSerializer, examples=examples.CONTROL)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        return Response(ControlSerializer(transfers_about(membership), context={"account": request.user}).data)


class RequestingView(ApiView):
    """Asks for control: it moves at once where nothing paid runs, else by consent or after the market's days."""

    scopes = {"POST": "vehicles.write"}

    @extend_schema(request=None, responses={201: TransferSerializer}, examples=examples.ASKED)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        transfer = actions.request_control(membership=membership, now=self.now, by=request.user)
        return Response(as_it_is(request.user, transfer), status=status.HTTP_201_CREATED)


class RequestView(ApiView):
    """A request, for whoever asks and whoever is asked; the latter sees what yes would end."""

    scopes = {"GET": "vehicles.read", "DELETE": "vehicles.write"}

    @extend_schema(responses=AskedTransferSerializer, examples=examples.REQUEST)
    def get(self, request: Request, public_id: UUID) -> Response:
        transfer = transfer_or_404(request.user, public_id, way=Way.REQUEST)
        membership = giving_link(request.user, transfer)
        quote = quoted(request.user, removal_quote(membership, now=self.now)) if membership else None
        context = {"account": request.user, "quote": quote}
        return Response(AskedTransferSerializer(transfer, context=context).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Withdrawn by whoever asked."""
        transfer = request_of_or_404(request.user, public_id)
        actions.withdraw_request(transfer=transfer, now=self.now, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnswerView(ApiView):
    """Yes, with what it ends confirmed; or no, and dealer or customer centre decide."""

    scopes = {"POST": "vehicles.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=AnswerSerializer, responses=TransferSerializer, examples=examples.ANSWER)
    def post(self, request: Request, public_id: UUID) -> Response:
        transfer = request_to_or_404(request.user, public_id)
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["answer"] == "object":
            actions.object_to(transfer=transfer, now=self.now, by=request.user)
        else:
            quote = confirmed_quote(request.user, transfer, given.validated_data["confirmation"], now=self.now)
            actions.consent(transfer=transfer, confirmed=quote, now=self.now, by=request.user)
        return Response(as_it_is(request.user, transfer))


def giving_link(account: Account, transfer: ControlTransfer) -> Membership | None:
    """The link of the account that would give control by it, while it may."""
    membership = link_of(account, transfer) if transfer.is_open and transfer.giver_id == account.pk else None
    return membership if membership and membership.is_active else None


def confirmed_quote(account: Account, transfer: ControlTransfer, sealed: str, *, now: datetime) -> RemovalQuote:
    """What was shown of it, if it holds still. Raises `Refusal`: transfer_over, quote_changed."""
    membership = giving_link(account, transfer)
    if membership is None:
        raise Refusal("transfer_over", actions.OVER)
    quote = removal_quote(membership, now=now)
    check_shown(sealed, quote)
    return quote


def as_it_is(account: Account, transfer: ControlTransfer) -> Any:
    """Read anew: what was called may have moved it."""
    transfer.refresh_from_db()
    return TransferSerializer(transfer, context={"account": account}).data
