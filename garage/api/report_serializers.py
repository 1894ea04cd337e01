"""Reports of cars as the description of the API has them. What is sent is read by `garage/rules/report_reading.py`."""

from typing import Any

from rest_framework import serializers

from garage.rules.report_reading import KINDS
from garage.rules.reports import CODES, CORNERS, LIMITS, VALUES, Alert, Source
from garage.rules.said import MOST_AT_ONCE


def _field_of(name: str) -> serializers.Field[Any, Any, Any, Any]:
    if name in CODES:
        known = CODES[name]
        child = serializers.ChoiceField(choices=known) if known else serializers.CharField(max_length=40)
        return serializers.ListField(child=child, required=False, help_text="Empty: none of them.")
    if name not in LIMITS:
        return serializers.BooleanField(required=False)
    least, most = LIMITS[name]
    if name == "battery_volts":
        return serializers.DecimalField(max_digits=4, decimal_places=2, min_value=least, max_value=most, required=False)
    return serializers.IntegerField(min_value=int(least), max_value=int(most), required=False)


ValuesSerializer = type(
    "StateValuesSerializer",
    (serializers.Serializer,),
    {name: _field_of(name) for name in VALUES} | {"__doc__": "What the car sends; the rest is left out or null."},
)


class ReportSerializer(serializers.Serializer):
    id = serializers.CharField(max_length=64, help_text="The sender's own; the same one of a car is kept once.")
    kind = serializers.ChoiceField(choices=KINDS)
    vin = serializers.CharField()
    at = serializers.DateTimeField(help_text="When it arose, with its zone.")
    values = ValuesSerializer(required=False, help_text="Of a state.")
    last_contact_at = serializers.DateTimeField(required=False, help_text="Of a state: when the car last called.")
    alert = serializers.ChoiceField(choices=[str(alert) for alert in Alert], required=False, help_text="Of an alert.")
    details = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=f"Of an alert: the codes of warning lights, else of {', '.join(CORNERS)}.",
    )
    is_on = serializers.BooleanField(required=False, help_text="Of Privacy Mode.")
    source = serializers.ChoiceField(choices=[str(source) for source in Source], required=False)


class ReportsSerializer(serializers.Serializer):
    reports = serializers.ListField(child=ReportSerializer(), min_length=1, max_length=MOST_AT_ONCE)
