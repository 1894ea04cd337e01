"""Booking a service at a dealer: who takes bookings, free times, booking, changing and cancelling (G8)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from garage.access import check_right, membership_or_404
from garage.actions.bookings import WORK_GONE, book_service, cancel_booking, change_booking
from garage.actions.locks import lock_car
from garage.api import booking_examples as examples
from garage.api.dealer_desk import FIRST, read_day
from garage.api.dealer_serializers import (
    STATES,
    BookedWorkSerializer,
    FreeTimesSerializer,
    StartField,
    WorkSerializer,
    codes,
)
from garage.models import Booking, Workshop
from garage.models.booking import LONGEST_WORDS
from garage.rules import slots
from garage.rules.membership import Right
from garage.workshops import bookings_of, free_days, may_be_changed, workshops_of
from portal.api.conditional import unless_changed
from portal.api.serializers import WithoutCardNumbers
from portal.api.views import ApiView
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

DEALER = OpenApiParameter("dealer", UUID, required=True, description="The id of a workshop.")
WORKS = OpenApiParameter("works", str, required=True, description="Codes of works, separated by commas.")
BOOKING = OpenApiParameter("booking", UUID, description="One of mine that is to be changed: its own time is free.")


class WorkshopOfDealerSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    dealer = serializers.CharField(source="dealer.name")
    town = serializers.CharField(source="dealer.town.name")
    address = serializers.CharField(source="dealer.address")
    telephone = serializers.CharField(source="dealer.telephone")
    works = WorkSerializer(many=True, source="works.all")


class WorkshopsSerializer(serializers.Serializer):
    results = WorkshopOfDealerSerializer(many=True, help_text="The preferred dealer first, then by town.")


class BookingSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=STATES)
    dealer = serializers.CharField(source="workshop.dealer.name")
    telephone = serializers.CharField(source="workshop.dealer.telephone")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    works = BookedWorkSerializer(many=True)
    words = serializers.CharField()
    reason = serializers.CharField(help_text="Why the dealer refused it.")
    may_change = serializers.SerializerMethodField(help_text="Also whether it can be cancelled: until the day before.")

    def get_may_change(self, row: Booking) -> bool:
        return may_be_changed(row, now=self.context["now"])


class BookSerializer(WithoutCardNumbers):
    dealer = serializers.UUIDField(help_text="The id of a workshop.")
    works = codes(allow_empty=False)
    starts_at = StartField(help_text="With its zone: one of the free times.")
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class ChangeSerializer(WithoutCardNumbers):
    """What is left out stays."""

    works = codes(allow_empty=False, required=False)
    starts_at = StartField(required=False, help_text="With its zone: one of the free times.")
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True)


class WorkshopsView(ApiView):
    """Dealers that take bookings online, with what they offer."""

    scopes = {"GET": "service.read"}

    @extend_schema(operation_id="workshops_list", responses=WorkshopsSerializer, examples=examples.WORKSHOPS)
    def get(self, request: Request, public_id: UUID) -> Response:
        check_right(membership_or_404(request.user, public_id), Right.BOOKING)
        return Response(WorkshopsSerializer({"results": workshops_of(request.user)}).data)


class FreeTimesView(ApiView):
    """The next open days with the times at which all works fit, one after the other."""

    scopes = {"GET": "service.read"}

    @extend_schema(
        operation_id="free_times_list",
        parameters=[DEALER, WORKS, FIRST, BOOKING],
        responses=FreeTimesSerializer,
        examples=examples.FREE_TIMES,
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        check_right(membership_or_404(request.user, public_id), Right.BOOKING)
        asked = request.query_params
        shop = _workshop_or_404(request.user, _id_of(asked, "dealer"))
        wanted = set(asked.get("works", "").split(","))
        works = [work for work in shop.works.all() if work.code in wanted]
        if not works or len(works) < len(wanted):
            raise Refusal("works_unknown", WORK_GONE)
        changed = _booking_or_404(request.user, _id_of(asked, "booking")) if asked.get("booking") else None
        length, first = slots.length_of(work.minutes for work in works), read_day(asked.get("first", ""))
        days = free_days(shop, length=length, first=first, now=self.now, besides=changed)
        return Response(FreeTimesSerializer({"results": days}).data)


class BookingsView(ApiView):
    """Books a time for the car; the mail brings it for the calendar."""

    scopes = {"POST": "service.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=BookSerializer, responses={201: BookingSerializer}, examples=examples.BOOK)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        check_right(membership, Right.BOOKING)
        given = BookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        shop = _workshop_or_404(request.user, facts.pop("dealer"))
        _take_turn(self, request)
        facts["codes"] = facts.pop("works")
        booked = book_service(membership=membership, workshop=shop, now=self.now, by=request.user, **facts)
        return _shown(self, request, booked.public_id, status=status.HTTP_201_CREATED)


class BookingView(ApiView):
    """One that I made."""

    scopes = {"GET": "service.read", "PATCH": "service.write", "DELETE": "service.write"}

    @extend_schema(responses=BookingSerializer, examples=examples.BOOKED)
    def get(self, request: Request, public_id: UUID) -> Response:
        return _shown(self, request, public_id)

    @extend_schema(request=ChangeSerializer, responses=BookingSerializer, examples=examples.CHANGE)
    @unless_changed
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Another time, other works or words at the same dealer, until the day before."""
        row = _booking_or_404(request.user, public_id)
        given = ChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        _take_turn(self, request)
        facts = {
            "codes": given.validated_data.get("works", [work["code"] for work in row.works]),
            "starts_at": given.validated_data.get("starts_at", row.starts_at),
            "words": given.validated_data.get("words", row.words),
        }
        change_booking(booking=row, now=self.now, by=request.user, **facts)
        return _shown(self, request, public_id)

    @extend_schema(responses={200: BookingSerializer}, examples=examples.CANCELLED)
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Cancels it, until the day before."""
        cancel_booking(booking=_booking_or_404(request.user, public_id), now=self.now, by=request.user)
        return _shown(self, request, public_id)

    def hold(self, request: Request, public_id: UUID) -> None:
        row = _booking_or_404(request.user, public_id)
        lock_car(vehicle_id=row.vehicle_id, account_ids=[row.account_id])


def _booking_or_404(account: Account, public_id: UUID) -> Booking:
    return get_object_or_404(bookings_of(account), public_id=public_id)


def _workshop_or_404(account: Account, public_id: UUID) -> Workshop:
    for shop in workshops_of(account):
        if shop.public_id == public_id:
            return shop
    raise Http404


def _id_of(asked: Mapping[str, str], name: str) -> UUID:
    """Raises `ValidationError`."""
    try:
        found: UUID = serializers.UUIDField().run_validation(asked.get(name, ""))
    except ValidationError as error:
        raise ValidationError({name: error.detail}) from error
    return found


def _take_turn(view: ApiView, request: Request) -> None:
    if not take_turn("bookings", str(request.user.pk), most=slots.TRIES_AN_HOUR, now=view.now):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))


def _shown(view: ApiView, request: Request, public_id: UUID, *, status: int = status.HTTP_200_OK) -> Response:
    row: Any = _booking_or_404(request.user, public_id)
    return Response(BookingSerializer(row, context={"now": view.now}).data, status=status)
