"""Complimentary periods: the free years that come with a new car (C4)."""

from collections.abc import Mapping
from datetime import date

from subscriptions.rules.periods import Period, add_months


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
