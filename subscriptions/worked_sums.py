"""The worked sums of "how we calculate": sample figures, each reckoned by the rules as the page is made (S13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.money import Split, split_gross
from subscriptions.rules.cancellation import Quote, Standing, quote_cancellation, upcoming_charges
from subscriptions.rules.periods import TERM_MONTHS, TRIAL_MONTHS
from subscriptions.rules.projection import project, standing_at_order
from subscriptions.what_if import OtherPlan

# Figures for examples alone; what a package costs stands in the catalogue.
SAMPLE_PRICES = {"monthly": Decimal("9.90"), "yearly": Decimal("99.00"), "four-yearly": Decimal("299.00")}
_ACTIVATED_ON = date(2024, 1, 10)
_MONTH_END = date(2024, 1, 31)


@dataclass(frozen=True, kw_only=True)
class SampleCharges:
    """Charge dates of a plan (S4, S5)."""

    term: str
    activated_on: date
    has_free_month: bool
    charges_on: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class SampleCancellation:
    """A cancellation in a paid period (X2 to X4), with the last charge before it."""

    term: str
    activated_on: date
    paid: Decimal
    charged_on: date | None
    cancelled_on: date
    quote: Quote

    @property
    def term_months(self) -> int:
        return TERM_MONTHS[self.term]


def sample_standing(*, term: str, has_free_month: bool, activated_on: date) -> Standing:
    """An order of a sample plan on the day it is made."""
    return standing_at_order(
        activated_on=activated_on,
        trial_months=TRIAL_MONTHS if has_free_month else 0,
        term_months=TERM_MONTHS[term],
        price=SAMPLE_PRICES[term],
    )


def other_samples(term: str) -> list[OtherPlan]:
    """The plans to which a sample order could be changed."""
    return [OtherPlan(term=other, price=price) for other, price in SAMPLE_PRICES.items() if other != term]


def sample_charges() -> list[SampleCharges]:
    return [
        _charges("yearly", _ACTIVATED_ON, has_free_month=True, count=3),
        _charges("four-yearly", _ACTIVATED_ON, has_free_month=True, count=2),
        _charges("monthly", _MONTH_END, has_free_month=False, count=4),
    ]


def sample_cancellations() -> list[SampleCancellation]:
    return [
        _cancellation("yearly", date(2024, 1, 20)),
        _cancellation("monthly", date(2024, 2, 20)),
        _cancellation("yearly", date(2024, 5, 10)),
        _cancellation("yearly", date(2024, 5, 30)),
        _cancellation("four-yearly", date(2025, 5, 30)),
    ]


def sample_splits(vat_rate: Decimal) -> list[Split]:
    """`vat_rate` is the market's, a percentage."""
    return [split_gross(price, vat_rate) for price in SAMPLE_PRICES.values()]


def _charges(term: str, activated_on: date, *, has_free_month: bool, count: int) -> SampleCharges:
    dates = upcoming_charges(
        activated_on=activated_on,
        trial_months=TRIAL_MONTHS if has_free_month else 0,
        term_months=TERM_MONTHS[term],
        first=0,
        count=count,
    )
    return SampleCharges(term=term, activated_on=activated_on, has_free_month=has_free_month, charges_on=tuple(dates))


def _cancellation(term: str, on: date) -> SampleCancellation:
    ordered = sample_standing(term=term, has_free_month=True, activated_on=_ACTIVATED_ON)
    then = project(ordered, today=_ACTIVATED_ON, on=on)
    return SampleCancellation(
        term=term,
        activated_on=_ACTIVATED_ON,
        paid=ordered.paid,
        charged_on=then.charged_on[-1] if then.charged_on else None,
        cancelled_on=on,
        quote=quote_cancellation(then.standing, today=on),
    )
