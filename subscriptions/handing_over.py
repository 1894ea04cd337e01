"""What handing control over would end, for each day on which the other account may accept (V4, X7, X10)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from garage.models import Membership
from garage.rules.control import due_at
from subscriptions.actions.end import has_used_right, leavers, named
from subscriptions.actions.leave import running_on
from subscriptions.models import Subscription
from subscriptions.rules.leaving import Leaver, RemovalQuote, removal_of
from subscriptions.rules.projection import project_leaver
from subscriptions.what_if import end_of, own_end


@dataclass(frozen=True, kw_only=True)
class DayQuote:
    """What taking over on this day would end, and bring back."""

    on: date
    quote: RemovalQuote


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What the giver confirms: every day of the offer with its figures."""

    days: tuple[DayQuote, ...]

    @property
    def today(self) -> RemovalQuote:
        return self.days[0].quote

    @property
    def changes(self) -> list[tuple[date, date, Decimal]]:
        """Refunds in all by stretches of days: the first day, the last day, the sum."""
        stretches = []
        for refund, group in groupby(self.days, key=lambda day: day.quote.refund):
            days = list(group)
            stretches.append((days[0].on, days[-1].on, refund))
        return stretches


def schedule(membership: Membership, *, now: datetime) -> Schedule:
    """From today to the offer's last day, by the functions that execute; charges due between are taken as made."""
    market = membership.account.market
    today = market.local_date(now)
    last = market.local_date(due_at(begun_at=now, days=market.control_offer_days))
    later = [today + timedelta(days=count) for count in range(1, (last - today).days + 1)]
    running = running_on(account_id=membership.account_id, vehicle_id=membership.vehicle_id)
    rows = leavers(running.prefetch_related(None).with_agreements_inside().add_ons_first())
    used = has_used_right(membership.account)
    ends = {row.package_id: own_end(row) for row, _leaver in rows}
    days = [DayQuote(on=today, quote=removal_of(named(_still_on(rows, today)), has_used_right=used, today=today))]
    for on in later:
        then = [
            (row, project_leaver(leaver, today=today, on=on))
            for row, leaver in rows
            if (end := end_of(row, ends)) is None or end > on
        ]
        days.append(DayQuote(on=on, quote=removal_of(named(then), has_used_right=used, today=on)))
    return Schedule(days=tuple(days))


def _still_on(rows: list[tuple[Subscription, Leaver]], today: date) -> list[tuple[Subscription, Leaver]]:
    """As `removal_quote` has it: without an end that has come, and the run that says so has not."""
    return [(row, leaver) for row, leaver in rows if row.ends_on is None or row.ends_on > today]
