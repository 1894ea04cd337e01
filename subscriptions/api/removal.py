"""Removing a car over the API: what it would end and bring back, then just that (G6, X7, X10)."""

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import membership_or_404
from garage.sales import sales_of
from portal.api.views import ApiView
from portal.refusals import Refusal
from subscriptions.actions import leave
from subscriptions.api import examples
from subscriptions.api.quotes import quoted
from subscriptions.api.serializers import ConfirmationSerializer, RemovalSerializer
from subscriptions.confirming import check_shown
from subscriptions.removing import removal_of


class RemovalView(ApiView):
    """The car leaves the garage; a driver leaves alone (G12)."""

    scopes = {"GET": "vehicles.read", "POST": "vehicles.write"}
    keyed = frozenset({"POST"})

    @extend_schema(responses=RemovalSerializer, examples=examples.REMOVAL)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        quote = leave.removal_quote(membership, now=self.now)
        removal = removal_of(membership, quote, now=self.now)
        shown = quoted(request.user, quote, shown=removal) | {
            "drivers": removal.drivers,
            "is_offered": removal.is_offered,
            "is_asked_for": removal.is_asked_for,
        }
        return Response(RemovalSerializer(shown).data)

    @extend_schema(request=ConfirmationSerializer, responses={204: None}, examples=examples.CONFIRM)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Its services end at once, as confirmed. A car that is being sold leaves in its sale (L1)."""
        membership = membership_or_404(request.user, public_id)
        if sales_of(request.user).filter(membership=membership).exists():
            raise Refusal(
                "sale_open", _("You are selling this car. Remove it in its sale, so that nobody stays connected.")
            )
        given = ConfirmationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        quote = leave.removal_quote(membership, now=self.now)
        check_shown(given.validated_data["confirmation"], removal_of(membership, quote, now=self.now))
        leave.remove_vehicle(membership=membership, confirmed=quote, now=self.now, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
