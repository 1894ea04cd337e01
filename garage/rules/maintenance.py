"""When a car's maintenance is due, by date and by distance, and what its warranty is worth today (G8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from portal.months import add_months

REMINDED_BEFORE = timedelta(days=30)
SOON_KM = 1_500
MONTHS_OF_A_YEAR = 12


class Urgency(IntEnum):
    LATER = 0
    SOON = 1
    # From the day itself, or the kilometre itself, on.
    DUE = 2


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A work of the plan: every so many months or kilometres, at least one of the two."""

    code: str
    months: int | None = None
    km: int | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """A service of the car's history: its day, its reading, and the works of the plan that it did."""

    on: date
    km: int
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Due:
    code: str
    on: date | None
    km: int | None
    urgency: Urgency
    # None: counted from the start of the warranty.
    since: Done | None


def due(
    interval: Interval, *, history: Iterable[Done], start: date | None, today: date, odometer_km: int | None
) -> Due | None:
    """G8: by date and by distance, whichever comes first, from the last time that the work was done.

    Never done, it counts from `start` (of the warranty) and from kilometre 0. None where nothing is known to count
    from. Without a reading the distance says how far, and does not make it urgent.
    """
    since = _last(interval.code, history)
    counted_from, from_km = (since.on, since.km) if since else (start, 0)
    on = add_months(counted_from, interval.months) if interval.months and counted_from else None
    km = from_km + interval.km if interval.km else None
    if on is None and km is None:
        return None
    urgency = max(_by_date(on, today=today), _by_distance(km, odometer_km=odometer_km))
    return Due(code=interval.code, on=on, km=km, urgency=urgency, since=since)


def is_to_remind(*, due_on: date, today: date) -> bool:
    """Thirty days before, late rather than never, and no more once the day is over."""
    return due_on - REMINDED_BEFORE <= today <= due_on


def fits(new: Done, *, history: Iterable[Done]) -> bool:
    """An odometer only goes up: nothing earlier stands above the new reading, nothing later below it."""
    earlier_above = any(done.on < new.on and done.km > new.km for done in history)
    return not earlier_above and not any(done.on > new.on and done.km < new.km for done in history)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which cars a maintenance plan is for: the models that it names, or all others of a powertrain."""

    code: str
    powertrain: str
    models: frozenset[str] = frozenset()


def plan_for(*, model: str, powertrain: str, plans: Sequence[Plan]) -> Plan | None:
    """The plan that names the model, else that of its powertrain; None if there is neither."""
    named = (plan for plan in plans if model in plan.models)
    general = (plan for plan in plans if not plan.models and plan.powertrain == powertrain)
    return next(named, None) or next(general, None)


@dataclass(frozen=True, kw_only=True)
class Warranty:
    """`ends_on` is the first day without it."""

    ends_on: date
    km: int | None
    is_over: bool


def warranty(
    *, start: date | None, months: int | None, km: int | None, today: date, odometer_km: int | None
) -> Warranty | None:
    """So many months from its start, or so many kilometres if they come first; None where it is not known."""
    if start is None or months is None:
        return None
    ends_on = add_months(start, months)
    is_driven = km is not None and odometer_km is not None and odometer_km >= km
    return Warranty(ends_on=ends_on, km=km, is_over=today >= ends_on or is_driven)


@dataclass(frozen=True, kw_only=True)
class Anniversary:
    on: date
    years: int


def next_anniversary(start: date, *, today: date) -> Anniversary:
    """Of the warranty's start: today's, or the next one."""
    years = max(today.year - start.year, 1)
    on = add_months(start, years * MONTHS_OF_A_YEAR)
    if on < today:
        years += 1
        on = add_months(start, years * MONTHS_OF_A_YEAR)
    return Anniversary(on=on, years=years)


def _last(code: str, history: Iterable[Done]) -> Done | None:
    return max((done for done in history if code in done.codes), key=lambda done: (done.on, done.km), default=None)


def _by_date(on: date | None, *, today: date) -> Urgency:
    if on is None or today < on - REMINDED_BEFORE:
        return Urgency.LATER
    return Urgency.DUE if today >= on else Urgency.SOON


def _by_distance(km: int | None, *, odometer_km: int | None) -> Urgency:
    if km is None or odometer_km is None or odometer_km < km - SOON_KM:
        return Urgency.LATER
    return Urgency.DUE if odometer_km >= km else Urgency.SOON
