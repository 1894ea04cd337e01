"""One's own driving, and what the car last reported: each account its own time's (T3, G10, D4)."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import membership_or_404
from garage.alert_portrait import alert_portrait
from garage.api import driving_examples as examples
from garage.api.driving_serializers import (
    DrivingSerializer,
    MonthDetailSerializer,
    TripsAskedSerializer,
    TripSerializer,
    TripsSerializer,
    VehicleStateSerializer,
)
from garage.driving.access import OwnDriving, days_of, own_driving, page_of_trips, trip_or_404, trips_between
from garage.driving.month import sums_by_day, sums_by_month
from garage.last_state import last_states, may_look
from garage.models import VehicleAlert
from garage.own_time import own
from garage.rules.driving import Month, summed
from garage.rules.trips import KEPT_MONTHS
from garage.state_portrait import state_portrait
from garage.words.driving import indicative, service_name
from portal.api.pagination import next_page
from portal.api.views import ApiView
from portal.refusals import Refusal

MOST_ALERTS = 20
NOT_YOURS = Refusal("right_missing", _("Only the account that controls this car may do this."))


class DrivingView(ApiView):
    """What came together, month by month; of a car that has left the garage, too."""

    scopes = {"GET": "driving.read"}

    @extend_schema(operation_id="driving_months", responses=DrivingSerializer, examples=examples.DRIVING)
    def get(self, request: Request, public_id: UUID) -> Response:
        driving = _seen(request, public_id)
        months = [{"month": month, "sums": sums} for month, sums in sums_by_month(driving.days()).items()]
        shown = {
            "service": service_name(driving.link.vehicle),
            "indicative": indicative(),
            "kept_months": KEPT_MONTHS,
            "months": months[::-1],
        }
        return Response(DrivingSerializer(shown).data)


class DrivingMonthView(ApiView):
    """One month, with its days."""

    scopes = {"GET": "driving.read"}

    @extend_schema(responses=MonthDetailSerializer, examples=examples.MONTH)
    def get(self, request: Request, public_id: UUID, month: str) -> Response:
        driving = _seen(request, public_id)
        chosen = _month(month)
        known = driving.known(today=request.user.market.local_date(self.now))
        days = chosen.days.within(known) if known else None
        if days is None:
            raise Http404
        by_day = sums_by_day(days_of(driving.days(), [days]))
        shown = {
            "month": chosen,
            "sums": summed(by_day.values()),
            "first": days.first,
            "last": days.last,
            "days": [{"on": on, "sums": sums} for on, sums in by_day.items()],
        }
        return Response(MonthDetailSerializer(shown).data)


class OwnTripsView(ApiView):
    """My trips with a car, by the page."""

    scopes = {"GET": "driving.read"}

    @extend_schema(
        operation_id="own_trips_list",
        parameters=[TripsAskedSerializer],
        responses=TripsSerializer,
        examples=examples.TRIPS,
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        driving = _seen(request, public_id)
        asked = TripsAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        trips = trips_between(driving.trips(), first=given.get("first"), last=given.get("last"))
        if given["partial"]:
            trips = trips.filter(is_partial=True)
        after = trip_or_404(driving, given["after"]) if "after" in given else None
        rows, follows = page_of_trips(trips, after=after)
        following = next_page(request, rows[-1].reported_id) if follows else None
        shown = {"next": following, "results": rows, "indicative": indicative()}
        return Response(TripsSerializer(shown).data)


class OwnTripView(ApiView):
    """One trip."""

    scopes = {"GET": "driving.read"}

    @extend_schema(responses=TripSerializer, examples=examples.TRIP)
    def get(self, request: Request, public_id: UUID, trip: UUID) -> Response:
        return Response(TripSerializer(trip_or_404(_seen(request, public_id), trip)).data)


class VehicleStateView(ApiView):
    """The last known state with its times, and what the car told after its trips."""

    scopes = {"GET": "driving.read"}

    @extend_schema(responses=VehicleStateSerializer, examples=examples.STATE)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        if not may_look(membership, request.user):
            raise NOT_YOURS
        state = last_states(request.user.pk, [membership.vehicle_id]).get(membership.vehicle_id)
        alerts = own(VehicleAlert.objects.all(), account=request.user, vehicle=membership.vehicle, field="at")
        shown: dict[str, Any] = {
            "state": state_portrait(state, now=self.now) if state else None,
            "values": state.values if state else {},
            "alerts": [alert_portrait(alert) for alert in alerts.order_by("-at", "-pk")[:MOST_ALERTS]],
        }
        return Response(VehicleStateSerializer(shown).data)


def _seen(request: Request, public_id: UUID) -> OwnDriving:
    driving = own_driving(request.user, public_id)
    if not driving.may_be_seen:
        raise NOT_YOURS
    return driving


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError as error:
        raise Http404 from error
