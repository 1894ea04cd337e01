"""Whether the sums of each day are what its trips add up to, and each trip lies in its control (T3, D4)."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from garage.models import DrivingDay, Trip, Vehicle

KEY = ("control", "on")
SUMS = tuple(field.attname for field in DrivingDay._meta.concrete_fields if field.name not in {"id", *KEY})
Numbers = tuple[Any, ...]


def wrong_days() -> Iterator[tuple[int, Any, Numbers | None, Numbers | None]]:
    """(control, day, as kept, as counted) of each that differs; None: there is no row, or there are no trips."""
    kept, counted = _kept(), _counted()
    wrong = {(row[0], row[1]) for row in (*kept.difference(counted), *counted.difference(kept))}
    for control_id, on in sorted(wrong):
        of_day = Q(control=control_id, on=on)
        yield control_id, on, _numbers(_kept().filter(of_day)), _numbers(_counted().filter(of_day))


def misplaced() -> QuerySet[Trip]:
    """Trips outside the control that they are booked on."""
    outside = Q(started_at__lt=F("control__started_at")) | Q(started_at__gte=F("control__ended_at"))
    return Trip.objects.filter(outside | ~Q(vehicle=F("control__vehicle")))


@transaction.atomic
def mend(*, control_id: int, on: Any) -> None:
    """Writes the day as its trips add up now; holds the car, as a batch does."""
    cars = Vehicle.objects.select_for_update(of=["self"], no_key=True)
    cars.get(control_periods=control_id)
    counted = _numbers(_counted().filter(control=control_id, on=on))
    if counted is None:
        DrivingDay.objects.filter(control=control_id, on=on).delete()
        return
    DrivingDay.objects.update_or_create(control_id=control_id, on=on, defaults=dict(zip(SUMS, counted, strict=True)))


def _kept() -> QuerySet[DrivingDay, Numbers]:
    return DrivingDay.objects.values_list(*KEY, *SUMS)


def _counted() -> QuerySet[Trip, Numbers]:
    """The same columns, in the same order, from the rows."""
    steady = Q(constant_speed__isnull=False)
    sums = {
        "trips_": Count("pk"),
        "partial_trips_": Count("pk", filter=Q(is_partial=True)),
        "distance_m_": Sum("distance_m"),
        "duration_s_": Sum("duration_s"),
        **{f"{name}_product_": _product(name) for name in ("score", "acceleration", "braking", "constant_speed")},
        "constant_speed_m_": Coalesce(Sum("distance_m", filter=steady), 0),
    }
    return Trip.objects.values(*KEY).annotate(**sums).values_list(*KEY, *(f"{name}_" for name in SUMS))


def _product(name: str) -> Any:
    return Coalesce(Sum(F("distance_m") * F(name)), 0, output_field=DrivingDay._meta.get_field("score_product"))


def _numbers(rows: QuerySet[Any, Numbers]) -> Numbers | None:
    row = rows.first() if rows.model is DrivingDay else next(iter(rows), None)
    return row[len(KEY) :] if row else None
