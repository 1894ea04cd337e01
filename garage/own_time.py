"""Whose time it was: what arose while an account had control of a car is that account's own, for good (D4)."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.models import Account
from garage.models import ControlPeriod, Vehicle

Row = TypeVar("Row", bound=Model)


def own(queryset: QuerySet[Row], *, account: Account, vehicle: Vehicle, field: str) -> QuerySet[Row]:
    """D4: the rows of the car whose moment `field` lies in a time when the account had control of it.

    A new active account sees nothing from before its start; a former one keeps its own. One query more, so that the
    rows themselves are found by ranges of their index.
    """
    periods = list(periods_of(account, vehicle))
    if not periods:
        return queryset.none()
    within = Q()
    for started_at, ended_at in periods:
        within |= _within(field, started_at, ended_at)
    return queryset.filter(within, vehicle=vehicle)


def periods_of(account: Account, vehicle: Vehicle) -> QuerySet[ControlPeriod, tuple[datetime, datetime | None]]:
    """[start, end) of each time of control, the oldest first; the end of the running one is None."""
    mine = ControlPeriod.objects.filter(account=account, vehicle=vehicle)
    return mine.order_by("started_at", "pk").values_list("started_at", "ended_at")


def owner_at(vehicle: Vehicle, moment: datetime) -> int | None:
    """The number of the account that had control at the moment; None if nobody had."""
    running = Q(ended_at__isnull=True) | Q(ended_at__gt=moment)
    then = ControlPeriod.objects.filter(running, vehicle=vehicle, started_at__lte=moment)
    return then.order_by("-started_at").values_list("account", flat=True).first()


def _within(field: str, started_at: datetime, ended_at: datetime | None) -> Q:
    since = Q(**{f"{field}__gte": started_at})
    return since & Q(**{f"{field}__lt": ended_at}) if ended_at else since
