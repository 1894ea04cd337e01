"""The Connected Services Centre of a car over the API, and taking up what comes with it (C1, C3, C4)."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import membership_or_404
from garage.rules.membership import Right
from portal.api.views import ApiView
from subscriptions.access import subscription_or_404
from subscriptions.actions.catalogue import keep_up
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.api import centre_examples as examples
from subscriptions.api.centre_serializers import CentreSerializer
from subscriptions.api.subscription_serializers import SubscriptionSerializer
from subscriptions.centre.limits import with_limits
from subscriptions.centre.packages import offer_for, offers_for
from subscriptions.centre.suites import suites_of


class CentreView(ApiView):
    """Every package for the car, in its two suites, with its state and the one next step."""

    scopes = {"GET": "services.read"}
    # As the page: whoever's services pause sees that they do (A2).
    while_paused = frozenset({"GET", "HEAD"})

    @extend_schema(operation_id="vehicle_services", responses=CentreSerializer, examples=examples.CENTRE)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        market = request.user.market
        keep_up(market, now=self.now)
        # Maintenance is told by the market's clock.
        with timezone.override(market.zone):
            offers = offers_for(membership, today=market.local_date(self.now))
            shown = {
                "controls": membership.may(Right.CONTROL),
                "sees_state": membership.may(Right.SERVICE_STATE),
                "currency": market.currency,
                "suites": suites_of(with_limits(offers, membership, now=self.now), membership),
            }
            return Response(CentreSerializer(shown, context={"membership": membership}).data)


class ActivationView(ApiView):
    """Takes up a complimentary period, which ends on the same day whenever that is done (C4)."""

    scopes = {"POST": "services.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=None, responses={201: SubscriptionSerializer}, examples=examples.ACTIVATED)
    def post(self, request: Request, public_id: UUID, package: str) -> Response:
        membership = membership_or_404(request.user, public_id)
        offer = offer_for(membership, package, today=request.user.market.local_date(self.now))
        if offer is None:
            raise Http404
        row = activate_complimentary(
            account=request.user, vehicle=membership.vehicle, package=offer.package, now=self.now, by=request.user
        )
        made = subscription_or_404(request.user, row.public_id)
        return Response(SubscriptionSerializer(made).data, status=status.HTTP_201_CREATED)
