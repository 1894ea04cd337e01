"""Trips as their driver downloads them: with a car's data (D3), and in the export of the account (A6)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exporting import Exporter
from garage.data.own_rows import Row, Table, own_table
from garage.data.vehicle_data import Kind
from garage.exporters import by_car
from garage.models import DrivingDay, LeftOutDay, Trip
from garage.own_time import OwnTime
from garage.rules.trips import KEPT_MONTHS
from garage.words.driving import kilometres
from portal.templatetags.frame import number

COLUMNS = (
    *("reported_id", "started_at", "ended_at", "distance_m", "duration_s"),
    *("acceleration", "braking", "constant_speed", "score", "sent_score", "is_partial", "received_at"),
)
SUMS = tuple(field.name for field in DrivingDay._meta.concrete_fields if field.name not in {"id", "control"})


def rows(own: OwnTime) -> Table:
    """The account's own (D4), in the order in which they were driven."""
    return own_table(Trip.objects.all(), *COLUMNS, own=own, moment="started_at", row_of=_row)


def _row(values: Row) -> Row:
    """Scores as numbers, the id as text."""
    return {name: _plain(values[name]) for name in COLUMNS}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value


def _in_words(row: Row) -> str:
    score = number(row["score"], 0)
    return f"{kilometres(row['distance_m'])}, " + _("score %(score)s") % {"score": score}


KIND = Kind(
    name="trips",
    title=gettext_lazy("Trips with their scores"),
    unit=gettext_lazy("metres, seconds, points from 0 to 100"),
    columns=COLUMNS,
    rows=rows,
    retention_months=KEPT_MONTHS,
    moment="started_at",
    in_words=_in_words,
)
CONTROL = "control__vehicle"
EXPORTERS = (
    Exporter(
        name="trips",
        title=gettext_lazy("Trips with their scores"),
        model=Trip,
        rows=by_car(lambda account: Trip.objects.filter(control__account=account), *COLUMNS),
    ),
    Exporter(
        name="driving-days",
        title=gettext_lazy("Sums of your trips by day"),
        model=DrivingDay,
        rows=by_car(lambda account: DrivingDay.objects.filter(control__account=account), *SUMS, vehicle=CONTROL),
    ),
    Exporter(
        name="days-with-trips-left-out",
        title=gettext_lazy("Days on which a trip was not kept, and why"),
        model=LeftOutDay,
        rows=by_car(
            lambda account: LeftOutDay.objects.filter(control__account=account), "on", "reason", vehicle=CONTROL
        ),
    ),
)
