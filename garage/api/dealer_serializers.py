"""What a dealer's system sends, and what it reads of its workshop, its bookings and its records (G8)."""

import re
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.forms.service import EARLIEST, MOST_WORKS
from garage.models import Booking, ClosedDay, OfferedWork, ServiceRecord, Workshop
from garage.models.booking import STATE_NAMES
from garage.models.service import LONGEST_WORK
from garage.rules import vin as vin_rules
from garage.rules.bookings import State, may_move
from garage.rules.odometer import HIGHEST_KM
from portal.api.serializers import WithoutCardNumbers
from portal.card_numbers import contains_card_number
from portal.free_text import CARD_NUMBER_REFUSED
from portal.texts import localized

MOST_RECORDS = 200
YEARS = (2000, 2100)
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
MOST_CLOSED_DAYS = 366
STATES = [str(state) for state in STATE_NAMES]
OPERATIONS = {
    "moving": State.ARRIVED,
    "refusal": State.REFUSED,
    "arrival": State.ARRIVED,
    "completion": State.DONE,
}
STEPS = [*OPERATIONS]


class LineField(serializers.CharField):
    """One line of text, without a card number (W1)."""

    def to_internal_value(self, data: Any) -> str:
        line = " ".join(super().to_internal_value(data).split())
        if contains_card_number(line):
            raise serializers.ValidationError(CARD_NUMBER_REFUSED, code="card_number")
        return line


class StartField(serializers.DateTimeField):
    """A moment that a workshop's clock can show: the calendar's first and last days overflow in other zones."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if not YEARS[0] <= moment.year <= YEARS[1]:
            self.fail("overflow")
        return moment


@extend_schema_field({"type": "string", "pattern": CLOCK})
class ClockField(serializers.CharField):
    """Hours and minutes. A time of JSON Schema has seconds and a zone, which hours of a week have not."""

    default_error_messages = {"clock": _("Like 08:00.")}

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(CLOCK, text):
            self.fail("clock")
        return time.fromisoformat(text)

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


def lines(**facts: Any) -> serializers.ListField:
    return serializers.ListField(child=LineField(max_length=LONGEST_WORK), max_length=MOST_WORKS, **facts)


def codes(**facts: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=40), max_length=50, **facts)


# The workshop


class HoursOfDaySerializer(serializers.Serializer):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    opens = ClockField(help_text="By the dealer's own clock.")
    closes = ClockField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["closes"] <= attrs["opens"]:
            raise serializers.ValidationError({"closes": [_("It closes after it has opened.")]})
        return attrs


class HoursSerializer(serializers.Serializer):
    """The whole week: what is left out is closed."""

    openings = HoursOfDaySerializer(many=True, max_length=28)
    takes_bookings = serializers.BooleanField(help_text="Whether customers can book online.")

    def validate_openings(self, spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        by_time = sorted(spans, key=lambda span: (span["weekday"], span["opens"]))
        for one, following in pairwise(by_time):
            if one["weekday"] == following["weekday"] and following["opens"] < one["closes"]:
                raise serializers.ValidationError(_("Two openings of a day overlap."), code="overlap")
        return by_time


class ClosedDaysSerializer(serializers.Serializer):
    days = serializers.ListField(
        child=serializers.DateField(), max_length=MOST_CLOSED_DAYS, help_text="All that are to come."
    )


class WorkSerializer(serializers.ModelSerializer):
    name = serializers.CharField()

    class Meta:
        model = OfferedWork
        fields = ("code", "name", "minutes")


class WorkshopSerializer(serializers.Serializer):
    dealer = serializers.CharField(source="dealer.code")
    name = serializers.CharField(source="dealer.name")
    takes_bookings = serializers.BooleanField()
    time_zone = serializers.CharField(source="dealer.zone.key")
    openings = serializers.SerializerMethodField()
    closed_days = serializers.SerializerMethodField()
    bays = serializers.SerializerMethodField()
    works = WorkSerializer(many=True, source="works.all")

    @extend_schema_field(HoursOfDaySerializer(many=True))
    def get_openings(self, shop: Workshop) -> Any:
        rows = sorted(shop.openings.all(), key=lambda row: (row.weekday, row.opens))
        return HoursOfDaySerializer(rows, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.DateField()))
    def get_closed_days(self, shop: Workshop) -> list[str]:
        """All that are kept, the first one first."""
        closed: list[ClosedDay] = list(shop.closed_days.all())
        return sorted(row.on.isoformat() for row in closed)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_bays(self, shop: Workshop) -> list[str]:
        return [bay.name for bay in shop.bays.all()]


# Bookings


class BookedWorkSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.SerializerMethodField()
    minutes = serializers.IntegerField()

    def get_name(self, work: dict[str, Any]) -> str:
        return localized(work["names"])


class DealerBookingSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=STATES)
    revision = serializers.IntegerField(help_text="Grows with each change of time, and with the end.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    bay = serializers.CharField(source="bay.name")
    works = BookedWorkSerializer(many=True)
    words = serializers.CharField(help_text="The customer's own.")
    vin = serializers.CharField(source="vehicle.vin")
    model = serializers.CharField(source="vehicle.model")
    plate = serializers.CharField(source="known_plate", help_text="As whoever booked knows it.")
    customer = serializers.SerializerMethodField()
    telephone = serializers.CharField(source="account.phone")
    reason = serializers.CharField(help_text="Why it was refused.")
    booked_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    may = serializers.SerializerMethodField(help_text="What can be done with it now.")

    def get_customer(self, row: Booking) -> str:
        return row.account.get_full_name() or row.account.email

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=STEPS)))
    def get_may(self, row: Booking) -> list[str]:
        return [name for name, to in OPERATIONS.items() if may_move(State(row.state), to)]


class DealerBookingsSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="The next page, if any.")
    after = serializers.CharField(help_text="Ask with it the next time: a row may come twice, and none is lost.")
    results = DealerBookingSerializer(many=True, help_text="By their last change, oldest first.")


class CodedSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class DealerBookingDetailSerializer(DealerBookingSerializer):
    plan_works = CodedSerializer(many=True, help_text="Of the car's maintenance plan: what a completion may name.")
    open_recalls = CodedSerializer(many=True)


class FreeDaySerializer(serializers.Serializer):
    on = serializers.DateField()
    starts = serializers.ListField(child=serializers.DateTimeField())


class FreeTimesSerializer(serializers.Serializer):
    results = FreeDaySerializer(many=True, help_text="Open days, with the times at which all works fit.")


class MovingSerializer(serializers.Serializer):
    starts_at = StartField(help_text="With its zone: one of the free times.")


class BookingRefusalSerializer(WithoutCardNumbers):
    reason = serializers.CharField(max_length=300, help_text="The customer reads it.")


class CompletionSerializer(serializers.Serializer):
    odometer_km = serializers.IntegerField(min_value=0, max_value=HIGHEST_KM)
    items = codes(required=False, help_text="Done of the maintenance plan, by code.")
    works = lines(required=False, help_text="What else was done, a line each.")
    recalls = codes(required=False, help_text="Carried out, by code.")


# Service records


class ToldRecordSerializer(serializers.Serializer):
    id = LineField(max_length=64, help_text="The dealer's own; under it a record is kept once.")
    vin = serializers.CharField(max_length=40)
    done_on = serializers.DateField()
    odometer_km = serializers.IntegerField(min_value=0, max_value=HIGHEST_KM)
    items = codes(required=False, help_text="Done of the maintenance plan, by code.")
    works = lines(required=False, help_text="What else was done, a line each.")
    recalls = codes(required=False, help_text="Carried out, by code.")

    def validate_vin(self, vin: str) -> str:
        clean = vin_rules.clean(vin)
        if vin_rules.faults(clean):
            raise serializers.ValidationError(_("This is no VIN."), code="vin_malformed")
        return clean

    def validate_done_on(self, day: Any) -> Any:
        if day < EARLIEST:
            raise serializers.ValidationError(_("No car here is as old."), code="too_early")
        return day


class ToldRecordsSerializer(serializers.Serializer):
    records = serializers.ListField(child=ToldRecordSerializer(), min_length=1, max_length=MOST_RECORDS)


class AnyRecordsSerializer(serializers.Serializer):
    """Whether it is a batch at all. Records are read one by one, so that a bad one does not spoil the others."""

    records = serializers.ListField(child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_RECORDS)


class DealersRecordSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField(help_text="The dealer's own id; empty where it came by a booking.")
    vin = serializers.CharField(source="vehicle.vin")

    class Meta:
        model = ServiceRecord
        fields = ("id", "reference", "vin", "done_on", "odometer_km", "items", "works", "recorded_at")


class DealersRecordsSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="The next page, if any.")
    results = DealersRecordSerializer(many=True, help_text="In the order in which they were kept.")
