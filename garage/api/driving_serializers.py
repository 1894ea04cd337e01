"""One's own driving and the last known state of a car, as the app is told of them (T1 to T3, G10, D4)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.driving.trips import TripLine
from garage.models import Trip
from garage.rules.driving import Month
from garage.rules.scoring import Weighed
from garage.rules.trips import EARLIEST_YEAR
from garage.words.driving import month_in_words
from portal.api.serializers import WithoutCardNumbers

# Of no car there are trips before, and a day is added to either side of what is asked for.
IN_SIGHT = [MinValueValidator(date(EARLIEST_YEAR, 1, 1)), MaxValueValidator(date(2200, 1, 1))]


class ScoreField(serializers.DecimalField):
    """0 to 100, as text; null where there is none."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, allow_null=True, **facts)


class TripSerializer(serializers.Serializer):
    """No place is kept of it."""

    id = serializers.UUIDField(source="reported_id")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    on = serializers.DateField(help_text="The day on which it began, by the market's calendar.")
    distance_m = serializers.IntegerField()
    duration_s = serializers.IntegerField()
    score = ScoreField()
    acceleration = ScoreField()
    braking = ScoreField()
    constant_speed = ScoreField(help_text="Null: too slow for it, as in town.")
    is_partial = serializers.BooleanField(help_text="Privacy Mode was on for a part of the way.")
    score_is_from = serializers.SerializerMethodField(help_text="In words (T2).")

    def get_score_is_from(self, trip: Trip) -> str:
        return TripLine(trip).where_the_score_is_from


class TripsSerializer(serializers.Serializer):
    """The newest first."""

    next = serializers.URLField(allow_null=True)
    results = TripSerializer(many=True)
    indicative = serializers.CharField(help_text="Is said beside the figures.")


class TripsAskedSerializer(WithoutCardNumbers):
    first = serializers.DateField(required=False, validators=IN_SIGHT, help_text="From this day on.")
    last = serializers.DateField(required=False, validators=IN_SIGHT, help_text="Up to this day.")
    partial = serializers.BooleanField(required=False, default=False, help_text="Only those with Privacy Mode.")
    after = serializers.UUIDField(required=False, help_text="The id of the last trip that the caller has.")


class SumsSerializer(serializers.Serializer):
    """What trips add up to; a score is the mean weighted by distance (T2)."""

    trips = serializers.IntegerField(source="sums.trips")
    partial_trips = serializers.IntegerField(source="sums.partial_trips")
    distance_m = serializers.IntegerField(source="sums.distance_m")
    duration_s = serializers.IntegerField(source="sums.duration_s")
    score = serializers.SerializerMethodField()
    acceleration = serializers.SerializerMethodField()
    braking = serializers.SerializerMethodField()
    constant_speed = serializers.SerializerMethodField()

    @extend_schema_field(ScoreField())
    def get_score(self, row: dict[str, Any]) -> str | None:
        return _exact(row["sums"].score)

    @extend_schema_field(ScoreField())
    def get_acceleration(self, row: dict[str, Any]) -> str | None:
        return _exact(row["sums"].acceleration)

    @extend_schema_field(ScoreField())
    def get_braking(self, row: dict[str, Any]) -> str | None:
        return _exact(row["sums"].braking)

    @extend_schema_field(ScoreField())
    def get_constant_speed(self, row: dict[str, Any]) -> str | None:
        return _exact(row["sums"].constant_speed)


class MonthSerializer(SumsSerializer):
    month = serializers.SerializerMethodField(help_text="2026-06")
    name = serializers.SerializerMethodField()

    def get_month(self, row: dict[str, Any]) -> str:
        return str(row["month"])

    def get_name(self, row: dict[str, Any]) -> str:
        month: Month = row["month"]
        return month_in_words(month)


class DaySerializer(SumsSerializer):
    on = serializers.DateField()


class MonthDetailSerializer(MonthSerializer):
    first = serializers.DateField(help_text="Of the days of the month that are one's own so far.")
    last = serializers.DateField()
    days = DaySerializer(many=True, help_text="Those with trips, the oldest first.")


class DrivingSerializer(serializers.Serializer):
    """Each month with trips of one's own, the newest first."""

    service = serializers.CharField(help_text="Its name by powertrain (T3).")
    indicative = serializers.CharField(help_text="Is said beside the figures.")
    kept_months = serializers.IntegerField()
    months = MonthSerializer(many=True)


# State and alerts


class LightSerializer(serializers.Serializer):
    """A warning light: what it means, and whether to drive on."""

    name = serializers.CharField()
    meaning = serializers.CharField()
    advice = serializers.CharField()
    tone = serializers.ChoiceField(choices=["bad", "warn", "info"])


class FigureSerializer(serializers.Serializer):
    label = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class LineSerializer(serializers.Serializer):
    label = serializers.CharField()
    value = serializers.CharField()
    at = serializers.DateTimeField()
    is_open = serializers.BooleanField(help_text="Not as one leaves a car.")


class StateSerializer(serializers.Serializer):
    at = serializers.DateTimeField(help_text="Of the newest value; each has its own.")
    last_contact_at = serializers.DateTimeField()
    is_old = serializers.BooleanField()
    figures = FigureSerializer(many=True)
    lines = LineSerializer(many=True)
    warning_lights = LightSerializer(source="lights", many=True, help_text="The gravest first.")


class AlertSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    title = serializers.CharField()
    text = serializers.CharField()
    tone = serializers.CharField()
    warning_lights = LightSerializer(source="lights", many=True)


class VehicleStateSerializer(serializers.Serializer):
    """Looking only: remote control stays in the app's own channel. Of the account's own time (D4)."""

    state = StateSerializer(allow_null=True, help_text="Null: nothing was reported in this account's time.")
    values = serializers.DictField(help_text="What was reported, by name; what was not is left out.")
    alerts = AlertSerializer(many=True, help_text="The newest twenty, the newest first.")


def _exact(weighed: Weighed) -> str | None:
    score = weighed.score
    return None if score is None else str(score.quantize(Decimal("0.01")))
