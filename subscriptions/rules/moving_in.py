"""Where a contract stands that another system has begun: its next charge is the one that S5 gives, or it is refused."""

from dataclasses import dataclass
from datetime import date

from subscriptions.rules.periods import charge_on


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`periods_paid` periods were paid there; the next one is due on `due_on`, today at the earliest."""

    periods_paid: int
    due_on: date


class CannotMove(ValueError):
    """Says why, as a sentence."""


def standing_on(
    today: date,
    *,
    activated_on: date,
    trial_months: int,
    term_months: int,
    next_charge_on: date | None,
    ends_on: date | None,
) -> Standing:
    """S5. Either it renews, and `next_charge_on` is the old system's word, or `ends_on` is the end of what runs (X2, X3).

    What was due before today was to be charged there, and what ends within a period was partly paid back there: neither
    is known here. Raises `CannotMove`.
    """
    if activated_on > today:
        raise CannotMove("activated on a day to come")
    if (next_charge_on is None) == (ends_on is None):
        raise CannotMove("it has a next charge date or an end, and not both")
    standing = _next_from(today, activated_on, trial_months, term_months)
    if next_charge_on is not None and next_charge_on < today:
        raise CannotMove(f"a charge was due on {next_charge_on}: settle it in the old system first")
    if next_charge_on is not None and next_charge_on != standing.due_on:
        raise CannotMove(f"by its dates it is charged next on {standing.due_on}, by the old system on {next_charge_on}")
    if ends_on is not None and (ends_on != standing.due_on or ends_on == today):
        raise CannotMove(f"it ends on {ends_on}, and what runs on {standing.due_on}: let it run out in the old system")
    if standing.periods_paid == 0 and trial_months == 0:
        raise CannotMove("nothing was paid yet: its first charge is a part of ordering")
    return standing


def _next_from(today: date, activated_on: date, trial_months: int, term_months: int) -> Standing:
    months = (today.year - activated_on.year) * 12 + today.month - activated_on.month
    index = max((months - trial_months) // term_months, 0)
    dates = {"activated_on": activated_on, "trial_months": trial_months, "term_months": term_months}
    while charge_on(**dates, index=index) < today:  # type: ignore[arg-type]
        index += 1
    return Standing(periods_paid=index, due_on=charge_on(**dates, index=index))  # type: ignore[arg-type]
