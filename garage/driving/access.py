"""Scoped getters of one's own driving: the car's link, the times of control, days and trips in them (law 11, D4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Account
from accounts.rules.notices import kept_from
from garage.data.access import link_or_404
from garage.models import ControlPeriod, DrivingDay, Membership, Trip
from garage.own_time import OwnTime
from garage.rules.driving import Days
from garage.rules.membership import Right
from garage.rules.trips import KEPT_MONTHS

PAGE = 50
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class OwnDriving:
    """What an account may see of a car's driving: its last link with it, and when it had control, oldest first."""

    account: Account
    link: Membership
    periods: list[ControlPeriod]

    @property
    def may_be_seen(self) -> bool:
        """Of the active account, and of whoever had control before: what is its own stays its own (D4)."""
        return bool(self.periods) or (self.link.ended_at is None and self.link.may(Right.VEHICLE_DATA))

    def days(self) -> QuerySet[DrivingDay]:
        return DrivingDay.objects.filter(control__in=[period.pk for period in self.periods])

    def trips(self) -> QuerySet[Trip]:
        return self.own.rows(Trip.objects.all(), field="started_at")

    @property
    def own(self) -> OwnTime:
        periods = tuple((period.started_at, period.ended_at) for period in self.periods)
        return OwnTime(account=self.account, vehicle=self.link.vehicle, link=None, periods=periods)

    def known(self, *, today: date) -> Days | None:
        """From the first day of one's own of which trips are still kept, to the last one, this day at the latest."""
        if not self.periods:
            return None
        on = self.account.market.local_date
        ends = [period.ended_at for period in self.periods]
        last = today if None in ends else max(on(end) for end in ends if end)
        whole = Days(on(self.periods[0].started_at), last)
        return whole.within(Days(kept_from(today=today, months=KEPT_MONTHS), today))


def own_driving(account: Account, public_id: UUID) -> OwnDriving:
    """Of a car in the account's garage, or of one that has left it and that it had control of. Raises Http404."""
    link = link_or_404(account, public_id)
    return OwnDriving(account=account, link=link, periods=link.own_periods)


def trip_or_404(driving: OwnDriving, reported_id: UUID) -> Trip:
    trip = driving.trips().filter(reported_id=reported_id).first()
    if trip is None:
        raise Http404
    return trip


def page_of_trips(trips: QuerySet[Trip], *, after: Trip | None) -> tuple[list[Trip], bool]:
    """The newest first, from where the page before ended; and whether more follow. Page 400 costs as the first."""
    if after is not None:
        older = Q(started_at__lt=after.started_at) | Q(started_at=after.started_at, pk__lt=after.pk)
        trips = trips.filter(older, started_at__lte=after.started_at)
    rows = list(trips.order_by("-started_at", "-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def trips_between(trips: QuerySet[Trip], *, first: date | None, last: date | None) -> QuerySet[Trip]:
    """Of these days, both counted. The moments are what the index knows: no zone is more than a day away."""
    if first:
        trips = trips.filter(on__gte=first, started_at__gte=_midnight(first) - A_DAY)
    return trips.filter(on__lte=last, started_at__lt=_midnight(last) + 2 * A_DAY) if last else trips


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def days_of(days: QuerySet[DrivingDay], spans: Collection[Days]) -> QuerySet[DrivingDay]:
    """Those from the first to the last day of all the spans."""
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return days.filter(on__range=(first, last))
