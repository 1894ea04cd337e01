"""Tells an account thirty days before trips of its own are deleted, with the way to the download (T1, D4).

Trips go day by day, as they came. So that nobody gets a mail a day, each quarter of a year is told once, before its
first trips go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import TruncQuarter

from accounts.models import Account
from accounts.notices.kinds import tell
from accounts.rules.notices import kept_from
from garage.models import DrivingDay, Membership, Vehicle
from garage.naming import car_name
from garage.notices.maintenance import AT_A_TIME, told_of
from garage.notices.sharing import path_for
from garage.rules.trips import KEPT_MONTHS, goes_on
from portal.batches import all_or_each
from portal.models import Market
from portal.months import add_months

KIND = "trips_going"
TOLD_BEFORE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Going:
    """Trips of an account with a car, in one quarter of a year; `oldest` is the first day that goes."""

    account_id: int
    vehicle_id: int
    quarter: date
    oldest: date

    @property
    def event_on(self) -> date:
        """The same whenever it is told."""
        return goes_on(self.quarter, months=KEPT_MONTHS)

    @property
    def last(self) -> date:
        return add_months(self.quarter, 3) - timedelta(days=1)


def tell_before_trips_go(*, now: datetime) -> None:
    """Some hundreds of accounts at a time: one that fails stops no other."""
    for market in Market.objects.order_by("pk"):
        for account_ids in _accounts_with_trips_going(market, now=now):
            all_or_each(partial(_tell_all, market=market, now=now), account_ids)


def _accounts_with_trips_going(market: Market, *, now: datetime) -> Iterator[list[int]]:
    days = DrivingDay.objects.filter(control__account__market=market, on__range=_window(market, now=now))
    ids, after = days.order_by("control__account").values_list("control__account", flat=True).distinct(), 0
    while some := list(ids.filter(control__account__gt=after)[:AT_A_TIME]):
        yield some
        after = some[-1]


@transaction.atomic
def _tell_all(account_ids: Sequence[int], *, market: Market, now: datetime) -> None:
    going = _going(account_ids, market=market, now=now)
    accounts = Account.objects.filter(is_active=True).select_related("market").in_bulk(account_ids)
    cars = Vehicle.objects.in_bulk({each.vehicle_id for each in going})
    told = told_of(KIND, accounts)
    for each in going:
        account, vehicle = accounts.get(each.account_id), cars[each.vehicle_id]
        key = f"trips-{vehicle.public_id}"
        if account and (account.pk, key, each.event_on) not in told:
            _tell(each, account, vehicle, key=key, now=now)


def _going(account_ids: Sequence[int], *, market: Market, now: datetime) -> list[Going]:
    days = DrivingDay.objects.filter(control__account__in=account_ids, on__range=_window(market, now=now))
    quarters = days.annotate(quarter=TruncQuarter("on")).values("control__account", "control__vehicle", "quarter")
    return [
        Going(
            account_id=row["control__account"],
            vehicle_id=row["control__vehicle"],
            quarter=row["quarter"],
            oldest=row["oldest"],
        )
        for row in quarters.annotate(oldest=Min("on")).order_by("control__account", "control__vehicle", "quarter")
    ]


def _tell(going: Going, account: Account, vehicle: Vehicle, *, key: str, now: datetime) -> None:
    link = Membership.objects.filter(account=account, vehicle=vehicle).order_by("-linked_at", "-pk")[0]
    tell(
        account=account,
        kind=KIND,
        subject_key=key,
        event_on=going.event_on,
        now=now,
        vehicle_label=car_name(vehicle, account),
        oldest_on=going.oldest,
        goes_on=goes_on(going.oldest, months=KEPT_MONTHS),
        last_on=going.last,
        months=KEPT_MONTHS,
        url=path_for(account, "vehicle_data", link.public_id),
    )


def _window(market: Market, *, now: datetime) -> tuple[date, date]:
    """Days that are kept today, and will not be in thirty days."""
    today = market.local_date(now)
    first, then = (kept_from(today=day, months=KEPT_MONTHS) for day in (today, today + TOLD_BEFORE))
    return first, then - timedelta(days=1)
