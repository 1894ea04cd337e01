"""Changing the term: the running one ends by its own rule, and the new one can be ordered from that day on (S8)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscriptions.rules.cancellation import Quote
from subscriptions.rules.periods import charge_on


@dataclass(frozen=True, kw_only=True)
class TermChange:
    """Both sides of it. `end` is None where the end was set before; `price` is the catalogue's of today."""

    term: str
    price: Decimal
    begins_on: date
    first_charge_on: date
    end: Quote | None

    def is_at_once(self, today: date) -> bool:
        """Whether the new term can be ordered today."""
        return self.begins_on <= today


def change_of_term(
    *, term: str, term_months: int, trial_months: int, price: Decimal, end: Quote | None, ends_on: date, today: date
) -> TermChange:
    """`end` is what cancelling the running term today brings, `ends_on` its first day without service.

    `trial_months` is 0 but for an account that never had the free month of this package (S3).
    """
    begins_on = max(end.ends_on if end else ends_on, today)
    first = charge_on(activated_on=begins_on, trial_months=trial_months, term_months=term_months, index=0)
    return TermChange(term=term, price=price, begins_on=begins_on, first_charge_on=first, end=end)
