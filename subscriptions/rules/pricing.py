"""Prices of a running contract: what is agreed for each charge, and which charge a new price touches (S10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.money import cents
from subscriptions.rules.periods import charge_on

OFFER_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A gross price and the VAT rate in it, a percentage, for charge `first_index` and those after it."""

    price: Decimal
    vat_rate: Decimal
    first_index: int = 0


@dataclass(frozen=True, kw_only=True)
class Touched:
    """The charge that a new price touches, and the day on which it is offered."""

    index: int
    charge_on: date

    @property
    def offer_on(self) -> date:
        return self.charge_on - timedelta(days=OFFER_DAYS)


def agreed_for(index: int, *, ordered: Agreed, accepted: Iterable[Agreed]) -> Agreed:
    """S10: the contract's price until a new one is accepted, which holds from its own charge on."""
    return max([ordered, *(new for new in accepted if new.first_index <= index)], key=lambda agreed: agreed.first_index)


def charge_touched(
    *, activated_on: date, trial_months: int, term_months: int, first: int, effective_on: date, today: date
) -> Touched:
    """S10: the first charge, from charge `first` on, that is not before the price's day and leaves sixty days.

    So one that could not be offered in time is left at the old price, and the next one is touched.
    """
    earliest = max(effective_on, today + timedelta(days=OFFER_DAYS))
    index, due_on = first, _charge(activated_on, trial_months, term_months, first)
    while due_on < earliest:
        index += 1
        due_on = _charge(activated_on, trial_months, term_months, index)
    return Touched(index=index, charge_on=due_on)


def per_month(price: Decimal, *, term_months: int) -> Decimal:
    """For comparing: a term's price divided by its months."""
    return cents(price / term_months)


def _charge(activated_on: date, trial_months: int, term_months: int, index: int) -> date:
    return charge_on(activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=index)
