"""Trips go when their months are over: by whole days, rows and sums together, a piece at a time (T1, D4)."""

from datetime import date, datetime

from django.db import transaction

from garage.models import DrivingDay, LeftOutDay, Trip
from garage.rules.trips import KEPT_MONTHS, kept_from
from portal import audit
from portal.models import Market

DAYS_AT_A_TIME = 500


def forget_trips(*, now: datetime) -> int:
    """Deletes what is kept no more, by the calendar of each market; how many trips. Safe to repeat and to be killed."""
    return sum(_forget_of(market, now=now) for market in Market.objects.all())


def _forget_of(market: Market, *, now: datetime) -> int:
    first = kept_from(today=market.local_date(now), months=KEPT_MONTHS)
    count = 0
    while (gone := _forget_some(market, first=first, now=now)) is not None:
        count += gone
    old = LeftOutDay.objects.filter(control__account__market=market, on__lt=first)
    old.delete()
    return count


@transaction.atomic
def _forget_some(market: Market, *, first: date, now: datetime) -> int | None:
    """None where nothing was left to do."""
    old = DrivingDay.objects.filter(control__account__market=market, on__lt=first).order_by("control", "on")
    days = list(old.select_related("control").select_for_update(of=["self"])[:DAYS_AT_A_TIME])
    if not days:
        return None
    count = sum(_trips_of(day).delete()[0] for day in days)
    DrivingDay.objects.filter(pk__in=[day.pk for day in days]).delete()
    audit.record("trips forgotten", account=None, by=None, now=now, market=market.code, count=count)
    return count


def _trips_of(day: DrivingDay):  # type: ignore[no-untyped-def]
    """Those of the day, found by the car's index: no zone of the world is a day and a half away."""
    return Trip.objects.filter(vehicle=day.control.vehicle_id, control=day.control_id, on=day.on)
