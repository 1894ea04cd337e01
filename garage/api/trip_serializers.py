"""Trips as the vehicle backend reports them; what one must say is read by `garage/rules/trips.py`."""

from rest_framework import serializers

from garage.rules.trips import LONGEST_M, Privacy

MOST = 1000
SCORE = {"min_value": 0, "max_value": 100}


class TripSerializer(serializers.Serializer):
    """For the description of the API."""

    id = serializers.UUIDField(help_text="The backend's own; the same one of a car is kept once.")
    vin = serializers.CharField(min_length=17, max_length=17)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    distance_m = serializers.IntegerField(min_value=0, max_value=LONGEST_M)
    duration_s = serializers.IntegerField(min_value=0)
    acceleration = serializers.FloatField(**SCORE)
    braking = serializers.FloatField(**SCORE)
    constant_speed = serializers.FloatField(**SCORE, required=False, allow_null=True)
    score = serializers.FloatField(**SCORE, required=False, allow_null=True, help_text="Ours stands in for it.")
    privacy_mode = serializers.ChoiceField(
        choices=[choice.value for choice in Privacy], help_text="Off, on for a part of the way, or on at the end."
    )


class TripsSerializer(serializers.Serializer):
    trips = serializers.ListField(child=TripSerializer(), min_length=1, max_length=MOST)


class TripLeftOutSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="Counted from 0, in the order of the request.")
    id = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class TripRefusedSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    field = serializers.CharField(help_text="Empty: of the whole trip.")
    code = serializers.CharField()
    detail = serializers.CharField()


class TripsTakenSerializer(serializers.Serializer):
    kept = serializers.IntegerField(help_text="New ones.")
    known = serializers.IntegerField(help_text="Kept before, or twice in this request.")
    left_out = TripLeftOutSerializer(many=True, help_text="Right, and not kept: there is nothing to mend.")
    refused = TripRefusedSerializer(many=True, help_text="Wrong: each fault of each trip.")
