"""Whose time it was: what arose while an account had control of a car is that account's own, for good (D4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from accounts.models import Account
from garage.models import ControlPeriod, Membership, Vehicle

Row = TypeVar("Row", bound=Model)
# [start, end): the end of the running one is None.
Period = tuple[datetime, datetime | None]


@dataclass(frozen=True, kw_only=True)
class OwnTime:
    """An account and a car: its link of today, if any, and when it had control, the oldest time first."""

    account: Account
    vehicle: Vehicle
    link: Membership | None
    periods: tuple[Period, ...]

    def rows(self, queryset: QuerySet[Row], *, field: str) -> QuerySet[Row]:
        """As `own`, without asking for the periods again."""
        return _within_any(queryset, self.periods, vehicle=self.vehicle, field=field)

    def covers(self, moment: datetime) -> bool:
        return any(start <= moment and (end is None or moment < end) for start, end in self.periods)


def own_time(account: Account, vehicle: Vehicle) -> OwnTime:
    """One query."""
    links = Membership.objects.filter(account=account, vehicle=vehicle)
    return own_time_of(account, vehicle, list(links.with_own_time()))


def own_time_of(account: Account, vehicle: Vehicle, links: Iterable[Membership]) -> OwnTime:
    """Of all the links that the account has and had with the car, with their own time."""
    periods = {(each.started_at, each.ended_at): None for link in links for each in link.own_periods}
    current = next((link for link in links if link.ended_at is None), None)
    return OwnTime(account=account, vehicle=vehicle, link=current, periods=tuple(periods))


def own(queryset: QuerySet[Row], *, account: Account, vehicle: Vehicle, field: str) -> QuerySet[Row]:
    """D4: the rows of the car whose moment `field` lies in a time when the account had control of it.

    A new active account sees nothing from before its start; a former one keeps its own. One query more, so that the
    rows themselves are found by ranges of their index.
    """
    return _within_any(queryset, periods_of(account, vehicle), vehicle=vehicle, field=field)


def _within_any(queryset: QuerySet[Row], periods: Iterable[Period], *, vehicle: Vehicle, field: str) -> QuerySet[Row]:
    within = Q()
    for started_at, ended_at in periods:
        within |= _within(field, started_at, ended_at)
    return queryset.filter(within, vehicle=vehicle) if within else queryset.none()


def periods_of(account: Account, vehicle: Vehicle) -> QuerySet[ControlPeriod, tuple[datetime, datetime | None]]:
    """[start, end) of each time of control, the oldest first; the end of the running one is None."""
    mine = ControlPeriod.objects.filter(account=account, vehicle=vehicle)
    return mine.order_by("started_at", "pk").values_list("started_at", "ended_at")


def owner_at(vehicle: Vehicle, moment: datetime) -> int | None:
    """The number of the account that had control at the moment; None if nobody had."""
    running = Q(ended_at__isnull=True) | Q(ended_at__gt=moment)
    then = ControlPeriod.objects.filter(running, vehicle=vehicle, started_at__lte=moment)
    return then.order_by("-started_at").values_list("account", flat=True).first()


def owner_at_its(moment: str) -> Subquery:
    """The same of each row of a car, at the moment that stands in its field `moment`."""
    running = Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef(moment))
    then = ControlPeriod.objects.filter(running, vehicle=OuterRef("vehicle"), started_at__lte=OuterRef(moment))
    return Subquery(then.order_by("-started_at").values("account")[:1])


def _within(field: str, started_at: datetime, ended_at: datetime | None) -> Q:
    since = Q(**{f"{field}__gte": started_at})
    return since & Q(**{f"{field}__lt": ended_at}) if ended_at else since
