"""Trips as their driver downloads them: with a car's data (D3), and in the export of the account (A6)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.exporting import Exporter
from accounts.models import Account
from garage.exporters import by_car
from garage.models import DrivingDay, LeftOutDay, Trip, Vehicle
from garage.own_time import own
from garage.rules.trips import KEPT_MONTHS
from garage.vehicle_data import Kind

COLUMNS = (
    *("reported_id", "started_at", "ended_at", "distance_m", "duration_s"),
    *("acceleration", "braking", "constant_speed", "score", "sent_score", "is_partial", "received_at"),
)
SUMS = tuple(field.name for field in DrivingDay._meta.concrete_fields if field.name not in {"id", "control"})


def rows(account: Account, vehicle: Vehicle) -> Iterator[dict[str, Any]]:
    """The account's own (D4), in the order in which they were driven; read piece by piece."""
    mine = own(Trip.objects.all(), account=account, vehicle=vehicle, field="started_at")
    yield from mine.order_by("started_at", "pk").values(*COLUMNS).iterator(chunk_size=500)


KIND = Kind(
    name="trips",
    title=_("Trips with their scores"),
    unit=_("metres, seconds, points from 0 to 100"),
    columns=COLUMNS,
    rows=rows,
    retention_months=KEPT_MONTHS,
)
CONTROL = "control__vehicle"
EXPORTERS = (
    Exporter(
        name="trips",
        title=_("Trips with their scores"),
        model=Trip,
        rows=by_car(lambda account: Trip.objects.filter(control__account=account), *COLUMNS),
    ),
    Exporter(
        name="driving-days",
        title=_("Sums of your trips by day"),
        model=DrivingDay,
        rows=by_car(lambda account: DrivingDay.objects.filter(control__account=account), *SUMS, vehicle=CONTROL),
    ),
    Exporter(
        name="days-with-trips-left-out",
        title=_("Days on which a trip was not kept, and why"),
        model=LeftOutDay,
        rows=by_car(
            lambda account: LeftOutDay.objects.filter(control__account=account), "on", "reason", vehicle=CONTROL
        ),
    ),
)
