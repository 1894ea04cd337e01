"""A price for a term, with what it comes to per month beside it (C1, C8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from subscriptions.models import Plan, Subscription
from subscriptions.rules.periods import TERM_MONTHS
from subscriptions.rules.pricing import per_month


@dataclass(frozen=True, kw_only=True)
class Priced:
    term: str
    price: Decimal

    @property
    def term_months(self) -> int:
        return TERM_MONTHS[self.term]

    @property
    def per_month(self) -> Decimal:
        return per_month(self.price, term_months=self.term_months)


def priced_plans(plans: Iterable[Plan]) -> list[Priced]:
    """The shortest term first."""
    priced = [Priced(term=plan.term, price=plan.price) for plan in plans]
    return sorted(priced, key=lambda each: each.term_months)


def priced_contract(row: Subscription) -> Priced | None:
    """What the next charge takes by its own contract (S10); None where nothing is ever charged."""
    return None if row.is_complimentary or not row.term else Priced(term=row.term, price=row.next_price)
