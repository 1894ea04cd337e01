"""A dealer's workshop and its bookings, for the dealer's own system: as at its desk (G8, K1)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.workshop import complete_booking, move_booking, note_arrival, refuse_booking
from garage.actions.workshop_keeping import keep_closed_days, keep_hours
from garage.api import dealer_examples as examples
from garage.api.dealer import DealerView
from garage.api.dealer_serializers import (
    BookingRefusalSerializer,
    ClosedDaysSerializer,
    CompletionSerializer,
    DealerBookingDetailSerializer,
    DealerBookingsSerializer,
    FreeTimesSerializer,
    HoursSerializer,
    MovingSerializer,
    WorkshopSerializer,
)
from garage.api.granted import AFTER, LIMIT, MOST_ROWS, ROWS
from garage.maintenance import open_recalls, plan_of, read_plans
from garage.models import Booking, MaintenanceItem
from garage.naming import with_known_plate
from garage.workshops import free_days, workshops_as_offered
from portal.api.pagination import next_page, page_size, page_unknown

# What is being written at this moment may be of a little earlier: so far the next question goes back.
OVERLAP = timedelta(minutes=15)
DAYS_OFFERED = 30
FIRST = OpenApiParameter("first", date, description="From which day on; left out: from tomorrow.")


class WorkshopView(DealerView):
    """The dealer's workshop: hours, closed days, bays, and what it offers."""

    scopes = {"GET": "dealer"}

    @extend_schema(responses=WorkshopSerializer, examples=examples.WORKSHOP)
    def get(self, request: Request) -> Response:
        return _workshop(self)


class WorkshopHoursView(DealerView):
    """Hours of the week, and whether customers can book online. What is booked stays booked."""

    scopes = {"PUT": "dealer"}

    @extend_schema(request=HoursSerializer, responses=WorkshopSerializer, examples=examples.HOURS)
    def put(self, request: Request) -> Response:
        given = _read(HoursSerializer, request)
        openings = [(span["weekday"], span["opens"], span["closes"]) for span in given["openings"]]
        facts = {"openings": openings, "takes_bookings": given["takes_bookings"]}
        keep_hours(workshop=self.workshop, now=self.now, by=None, **facts)
        return _workshop(self)


class ClosedDaysView(DealerView):
    """All closed days that are to come; those that are over stay."""

    scopes = {"PUT": "dealer"}

    @extend_schema(request=ClosedDaysSerializer, responses=WorkshopSerializer, examples=examples.CLOSED_DAYS)
    def put(self, request: Request) -> Response:
        today = self.workshop.dealer.market.local_date(self.now)
        days = sorted({day for day in _read(ClosedDaysSerializer, request)["days"] if day >= today})
        keep_closed_days(workshop=self.workshop, days=days, now=self.now, by=None)
        return _workshop(self)


class DealerBookingsView(DealerView):
    """Bookings by their last change, the oldest first: ask again with `after` for what has changed since."""

    scopes = {"GET": "dealer"}

    @extend_schema(
        operation_id="dealer_bookings_list",
        parameters=[AFTER, LIMIT],
        responses=DealerBookingsSerializer,
        examples=examples.BOOKINGS,
    )
    def get(self, request: Request) -> Response:
        size = page_size(request.query_params.get("limit", ""), usual=ROWS, largest=MOST_ROWS)
        edge = _read_edge(request.query_params.get("after", ""))
        rows = _bookings_of(self)
        if edge is not None:
            at, last = edge
            rows = rows.filter(Q(changed_at__gt=at) | Q(changed_at=at, public_id__gt=last))
        found = list(rows.order_by("changed_at", "public_id")[: size + 1])
        page, has_more = found[:size], len(found) > size
        if page:
            edge = (page[-1].changed_at, page[-1].public_id)
        after = _edge(edge if has_more and edge else _back(edge, now=self.now))
        shown = {"next": next_page(request, after) if has_more else None, "after": after, "results": page}
        return Response(DealerBookingsSerializer(shown).data)


class DealerBookingView(DealerView):
    """One of them, with what its completion may name."""

    scopes = {"GET": "dealer"}

    @extend_schema(responses=DealerBookingDetailSerializer, examples=examples.BOOKING)
    def get(self, request: Request, public_id: UUID) -> Response:
        return _booking(self, public_id)


class BookingFreeTimesView(DealerView):
    """To which times it can be moved."""

    scopes = {"GET": "dealer"}

    @extend_schema(parameters=[FIRST], responses=FreeTimesSerializer, examples=examples.FREE_TIMES)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = _booking_or_404(self, public_id)
        shop = workshops_as_offered().get(pk=row.workshop_id)
        length, first = row.ends_at - row.starts_at, read_day(request.query_params.get("first", ""))
        days = free_days(shop, length=length, first=first, now=self.now, besides=row, most=DAYS_OFFERED)
        return Response(FreeTimesSerializer({"results": days}).data)


class MovingView(DealerView):
    """Another time, as long as it is only booked; the customer is told."""

    scopes = {"POST": "dealer"}

    @extend_schema(request=MovingSerializer, responses=DealerBookingDetailSerializer, examples=examples.MOVING)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = _booking_or_404(self, public_id)
        move_booking(booking=row, now=self.now, by=None, **_read(MovingSerializer, request))
        return _booking(self, public_id)


class RefusalView(DealerView):
    """Refuses it with a reason, which the customer reads."""

    scopes = {"POST": "dealer"}

    @extend_schema(request=BookingRefusalSerializer, responses=DealerBookingDetailSerializer, examples=examples.REFUSAL)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = _booking_or_404(self, public_id)
        refuse_booking(booking=row, now=self.now, by=None, **_read(BookingRefusalSerializer, request))
        return _booking(self, public_id)


class ArrivalView(DealerView):
    """The car is there, on its day or later."""

    scopes = {"POST": "dealer"}

    @extend_schema(request=None, responses=DealerBookingDetailSerializer, examples=examples.BOOKING)
    def post(self, request: Request, public_id: UUID) -> Response:
        note_arrival(booking=_booking_or_404(self, public_id), now=self.now, by=None)
        return _booking(self, public_id)


class CompletionView(DealerView):
    """Done: odometer and works become service history, recalls are closed."""

    scopes = {"POST": "dealer"}
    keyed = frozenset({"POST"})

    @extend_schema(request=CompletionSerializer, responses=DealerBookingDetailSerializer, examples=examples.COMPLETION)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = _booking_or_404(self, public_id)
        given = {"items": [], "works": [], "recalls": []} | _read(CompletionSerializer, request)
        _check_known("items", given["items"], {item.code for item in _plan_works(row)})
        recalls = {recall.code: recall for recall in open_recalls(row.vehicle)}
        _check_known("recalls", given["recalls"], set(recalls))
        given["recalls"] = [recalls[code] for code in given["recalls"]]
        complete_booking(booking=row, now=self.now, by=None, **given)
        return _booking(self, public_id)


def read_day(text: str) -> date:
    """The day that was asked for, or the first of all. Raises `ValidationError`."""
    if not text:
        return date.min
    try:
        day: date = serializers.DateField().run_validation(text)
    except ValidationError as error:
        raise ValidationError({"first": error.detail}) from error
    return day


def _workshop(view: DealerView) -> Response:
    return Response(WorkshopSerializer(workshops_as_offered().get(pk=view.workshop.pk)).data)


def _read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _bookings_of(view: DealerView) -> QuerySet[Booking]:
    rows = Booking.objects.filter(workshop=view.workshop).select_related("account", "vehicle", "bay")
    return with_known_plate(rows)


def _booking_or_404(view: DealerView, public_id: UUID) -> Booking:
    return get_object_or_404(_bookings_of(view), public_id=public_id)


def _booking(view: DealerView, public_id: UUID) -> Response:
    row: Any = _booking_or_404(view, public_id)
    row.plan_works, row.open_recalls = _plan_works(row), open_recalls(row.vehicle)
    return Response(DealerBookingDetailSerializer(row).data)


def _plan_works(row: Booking) -> list[MaintenanceItem]:
    plan = plan_of(row.vehicle, read_plans())
    return list(plan.items.all()) if plan else []


def _check_known(name: str, given: list[str], known: set[str]) -> None:
    unknown = [code for code in given if code not in known]
    if unknown:
        choice = serializers.ChoiceField(choices=sorted(known))
        raise ValidationError({name: [choice.error_messages["invalid_choice"].format(input=unknown[0])]}, "unknown")


def _edge(edge: tuple[datetime, UUID]) -> str:
    return f"{edge[0].isoformat().replace('+00:00', 'Z')}_{edge[1]}"


def _read_edge(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    at, _mark, last = text.partition("_")
    try:
        moment, public_id = datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise page_unknown() from error
    if moment.tzinfo is None:
        raise page_unknown()
    return moment, public_id


def _back(edge: tuple[datetime, UUID] | None, *, now: datetime) -> tuple[datetime, UUID]:
    """Where all that has come is read: a little before now."""
    safe = (now - OVERLAP, UUID(int=0))
    return min(edge, safe) if edge else safe
