"""Rows that machines send, and what became of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.files.csv_rows import BadCell
from garage.models.vehicle import Body, Powertrain
from garage.rules.orders import Stage
from portal.api.serializers import WithoutCardNumbers

MOST_ROWS = 1000
MAY_BE_EMPTY: dict[str, Any] = {"required": False, "allow_null": True}


class CarSerializer(WithoutCardNumbers):
    vin = serializers.CharField(max_length=60)


class PairingCodeSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="As the screen shows it: two groups of four.")
    expires_at = serializers.DateTimeField()
    qr = serializers.CharField(help_text="What the QR code beside it holds: the page where the code is typed in.")


class BatchSerializer(serializers.Serializer):
    """Whether it is a batch at all. Rows are read one by one, so that a bad one does not spoil the others."""

    rows = serializers.ListField(child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_ROWS)


class VehicleRowSerializer(serializers.Serializer):
    """For the description: `garage/registry/rows.py` reads it. What is left out is empty, also where it was known."""

    vin = serializers.CharField()
    plate = serializers.CharField(required=False, allow_blank=True, allow_null=True)
    model = serializers.CharField(max_length=60)
    body = serializers.ChoiceField(choices=Body.values)
    colour = serializers.CharField(max_length=40)
    colour_hex = serializers.CharField()
    powertrain = serializers.ChoiceField(choices=Powertrain.values)
    multimedia = serializers.CharField()
    market = serializers.CharField()
    warranty_start = serializers.DateField(**MAY_BE_EMPTY)
    purchased_on = serializers.DateField(**MAY_BE_EMPTY)
    first_registered_on = serializers.DateField(**MAY_BE_EMPTY)
    odometer_km = serializers.IntegerField(**MAY_BE_EMPTY)
    odometer_at = serializers.DateTimeField(**MAY_BE_EMPTY, help_text="With its zone; goes with odometer_km.")
    capabilities = serializers.ListField(child=serializers.CharField(), required=False)


class OrderRowSerializer(serializers.Serializer):
    """For the description: `garage/files/orders.py` reads it."""

    order_number = serializers.CharField(max_length=40)
    market = serializers.CharField()
    email = serializers.EmailField()
    model = serializers.CharField(max_length=60)
    body = serializers.ChoiceField(choices=Body.values)
    colour_hex = serializers.CharField()
    stage = serializers.ChoiceField(choices=[str(stage) for stage in Stage])
    stage_on = serializers.DateField()
    expected_on = serializers.DateField(**MAY_BE_EMPTY)
    vin = serializers.CharField(required=False, allow_blank=True, allow_null=True, help_text="Of a delivered car.")
    dealer = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Code of the dealer who hands it over; left out: as it was.",
    )


class VehicleBatchSerializer(serializers.Serializer):
    rows = VehicleRowSerializer(many=True, min_length=1, max_length=MOST_ROWS)


class OrderBatchSerializer(serializers.Serializer):
    rows = OrderRowSerializer(many=True, min_length=1, max_length=MOST_ROWS)


class BadCellSerializer(serializers.Serializer):
    """Of one row there may be several."""

    index = serializers.IntegerField(source="line", help_text="Of the row in the batch, from 0.")
    column = serializers.CharField(help_text="Empty or `line`: of the whole row.")
    code = serializers.CharField()
    detail = serializers.CharField(source="reason")


class OutcomeSerializer(serializers.Serializer):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    bad = serializers.IntegerField()
    errors = serializers.SerializerMethodField()

    @extend_schema_field(BadCellSerializer(many=True))
    def get_errors(self, _outcome: object) -> Any:
        bad: list[BadCell] = self.context["bad"]
        return BadCellSerializer(bad, many=True).data


class OrderOutcomeSerializer(OutcomeSerializer):
    delivered = serializers.IntegerField(help_text="Put into garages; the others wait, and are tried again in time.")
