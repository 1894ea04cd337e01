"""S10: what is agreed for each charge, and which charge a new price touches."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.periods import charge_on
from subscriptions.rules.pricing import OFFER_DAYS, Agreed, agreed_for, charge_touched, per_month

RATE = Decimal("19.00")
ORDERED = Agreed(price=Decimal("99.00"), vat_rate=RATE)


def new(price: str, first_index: int) -> Agreed:
    return Agreed(price=Decimal(price), vat_rate=RATE, first_index=first_index)


@pytest.mark.parametrize(
    ("index", "price"), [(0, "99.00"), (1, "99.00"), (2, "109.00"), (3, "109.00"), (4, "119.00"), (9, "119.00")]
)
def test_S10_the_contracts_price_holds_until_the_charge_of_an_accepted_one(index, price):
    accepted = [new("119.00", 4), new("109.00", 2)]
    assert agreed_for(index, ordered=ORDERED, accepted=accepted).price == Decimal(price)


def test_S10_without_an_amendment_the_price_never_changes():
    assert agreed_for(40, ordered=ORDERED, accepted=[]) == ORDERED


def test_a_new_price_for_the_first_charge_takes_the_place_of_the_order():
    assert agreed_for(0, ordered=ORDERED, accepted=[new("89.00", 1)]) == ORDERED


@pytest.mark.parametrize(
    ("activated", "trial", "term", "first", "effective", "today", "index", "charge", "offered"),
    [
        # Yearly: the first charge on or after the day, offered sixty days before it.
        ("2024-01-10", 1, 12, 1, "2025-01-01", "2024-06-01", 1, "2025-02-10", "2024-12-12"),
        ("2024-01-10", 1, 12, 1, "2025-02-10", "2024-06-01", 1, "2025-02-10", "2024-12-12"),
        ("2024-01-10", 1, 12, 1, "2025-02-11", "2024-06-01", 2, "2026-02-10", "2025-12-12"),
        # On the sixtieth day before it still can be offered, a day later the next charge is touched.
        ("2024-01-10", 1, 12, 1, "2025-01-01", "2024-12-12", 1, "2025-02-10", "2024-12-12"),
        ("2024-01-10", 1, 12, 1, "2025-01-01", "2024-12-13", 2, "2026-02-10", "2025-12-12"),
        # Monthly: charges in between stay at the old price.
        ("2024-01-31", 0, 1, 3, "2024-07-01", "2024-04-30", 6, "2024-07-31", "2024-06-01"),
        ("2024-01-31", 0, 1, 3, "2024-05-01", "2024-05-01", 5, "2024-06-30", "2024-05-01"),
        ("2024-01-31", 0, 1, 3, "2024-05-01", "2024-05-02", 6, "2024-07-31", "2024-06-01"),
        # A free month comes too soon to be touched.
        ("2024-01-10", 1, 1, 0, "2024-01-01", "2024-01-10", 1, "2024-03-10", "2024-01-10"),
    ],
)
def test_S10_the_charge_that_a_new_price_touches(
    activated, trial, term, first, effective, today, index, charge, offered
):
    touched = charge_touched(
        activated_on=date.fromisoformat(activated),
        trial_months=trial,
        term_months=term,
        first=first,
        effective_on=date.fromisoformat(effective),
        today=date.fromisoformat(today),
    )
    assert (touched.index, str(touched.charge_on), str(touched.offer_on)) == (index, charge, offered)


@given(
    activated=st.dates(date(2020, 1, 1), date(2024, 12, 31)),
    term=st.sampled_from([1, 12, 48]),
    effective=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    today=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
)
def test_S10_no_charge_is_touched_early_or_with_less_than_sixty_days(activated, term, effective, today):
    facts = {"activated_on": activated, "trial_months": 0, "term_months": term}
    touched = charge_touched(**facts, first=0, effective_on=effective, today=today)
    assert touched.charge_on >= max(effective, today + timedelta(days=OFFER_DAYS))
    assert touched.offer_on >= today
    before = charge_on(**facts, index=touched.index - 1) if touched.index else date.min
    assert before < max(effective, today + timedelta(days=OFFER_DAYS))


@pytest.mark.parametrize(
    ("price", "months", "each"), [("99.00", 12, "8.25"), ("299.00", 48, "6.23"), ("9.90", 1, "9.90")]
)
def test_a_price_is_compared_per_month(price, months, each):
    assert per_month(Decimal(price), term_months=months) == Decimal(each)
