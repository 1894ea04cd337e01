"""Complimentary periods: the free years that come with a new car (C4)."""

from collections.abc import Mapping
from datetime import date, timedelta

from subscriptions.rules.periods import Period, add_months

# C4: a market may let a plan be chosen so long before the free period ends, no longer.
MOST_DAYS_AHEAD = 60


def complimentary_months(months_by_generation: Mapping[str, int], generation: str) -> int:
    """Free months of a package on that multimedia generation; 0 where it has none. Unlisted: the entry `default`."""
    return months_by_generation.get(generation, months_by_generation.get("default", 0))


def complimentary_period(*, free_years_start_on: date | None, months: int) -> Period | None:
    """[start, start + months), taken up or not; None where the package or the car has none."""
    if free_years_start_on is None or months == 0:
        return None
    return Period(free_years_start_on, add_months(free_years_start_on, months))


def months_passed(period: Period, *, today: date) -> int:
    """Whole months of the period that are over, of all that it has."""
    start, last = period.start_on, min(max(today, period.start_on), period.end_on)
    months = (last.year - start.year) * 12 + last.month - start.month
    return months if add_months(start, months) <= last else months - 1


def plan_starts_on(free: Period | None, *, today: date, days_ahead: int) -> date | None:
    """The day on which a plan that is ordered today starts: today, or the end of the free period that runs or is still
    to begin; None where that is further away than the market lets it be ordered (C4)."""
    if free is None or today >= free.end_on:
        return today
    is_in_sight = today + timedelta(days=min(days_ahead, MOST_DAYS_AHEAD)) >= free.end_on
    return free.end_on if is_in_sight else None
