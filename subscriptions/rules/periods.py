"""Charge dates and paid periods: all counted from the activation date, never from the last charge (S4, S5)."""

from dataclasses import dataclass
from datetime import date

from portal.months import add_months

TERM_MONTHS = {"monthly": 1, "yearly": 12, "four-yearly": 48}
TRIAL_MONTHS = 1


@dataclass(frozen=True)
class Period:
    """Half open: `end_on` is the first day without it."""

    start_on: date
    end_on: date

    def __contains__(self, day: date) -> bool:
        return self.start_on <= day < self.end_on


def months_before_period(*, trial_months: int, term_months: int, index: int) -> int:
    """Months between activation and the start of paid period `index` (0, 1, ...)."""
    return trial_months + index * term_months


def charge_on(*, activated_on: date, trial_months: int, term_months: int, index: int) -> date:
    """S5: the date of charge k = `index`."""
    return add_months(
        activated_on, months_before_period(trial_months=trial_months, term_months=term_months, index=index)
    )


def paid_period(*, activated_on: date, trial_months: int, term_months: int, index: int) -> Period:
    """What charge `index` pays for: from its own charge date to the next one."""
    start = charge_on(activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=index)
    end = charge_on(activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=index + 1)
    return Period(start, end)
