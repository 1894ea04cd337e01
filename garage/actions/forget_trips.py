"""Trips go when their months are over: by whole days, rows and sums together, a piece at a time (T1, D4)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Account
from accounts.rules.notices import kept_from
from garage.models import DrivingDay, LeftOutDay, Trip
from garage.rules.trips import KEPT_MONTHS
from portal import audit
from portal.models import Market

DAYS_AT_A_TIME = 500
A_DAY = timedelta(days=1)


def forget_trips(*, now: datetime) -> int:
    """Deletes what is kept no more, by the calendar of each market; how many trips. Safe to repeat and to be killed."""
    return sum(_forget_of(market, now=now) for market in Market.objects.all())


def forget_trips_of(account: Account, now: datetime) -> None:
    """Within the closing's transaction (A6): nobody can come for them any more."""
    for model in (Trip, DrivingDay, LeftOutDay):
        model._default_manager.filter(control__account=account).delete()


def _forget_of(market: Market, *, now: datetime) -> int:
    first = kept_from(today=market.local_date(now), months=KEPT_MONTHS)
    count = 0
    while (gone := _forget_some(market, first=first, now=now)) is not None:
        count += gone
    LeftOutDay.objects.filter(control__account__market=market, on__lt=first).delete()
    return count


@transaction.atomic
def _forget_some(market: Market, *, first: date, now: datetime) -> int | None:
    """None where nothing was left to do."""
    old = DrivingDay.objects.filter(control__account__market=market, on__lt=first).order_by("control", "on")
    days = list(old.select_related("control").select_for_update(of=["self"])[:DAYS_AT_A_TIME])
    if not days:
        return None
    count = sum(_trips_of(list(of_control)).delete()[0] for _, of_control in groupby(days, key=_control_of))
    DrivingDay.objects.filter(pk__in=[day.pk for day in days]).delete()
    audit.record("trips forgotten", account=None, by=None, now=now, market=market.code, count=count)
    return count


def _control_of(day: DrivingDay) -> int:
    return day.control_id


def _trips_of(days: list[DrivingDay]) -> QuerySet[Trip]:
    """Those of days of one control, found by the moments: no zone of the world is more than a day away."""
    control, on = days[0].control, [day.on for day in days]
    first, last = (datetime.combine(day, time.min, tzinfo=UTC) for day in (on[0], on[-1]))
    near = Q(started_at__gte=first - A_DAY, started_at__lt=last + 2 * A_DAY)
    return Trip.objects.filter(near, vehicle=control.vehicle_id, control=control, on__in=on)
