"""X4: months used and left, and the refund to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.periods import add_months
from subscriptions.rules.refunds import months_used, pro_rata_refund


@pytest.mark.parametrize(
    ("activated_on", "months_before", "cancelled_on", "used"),
    [
        # The two of the rule: charged 2024-02-10 after a trial month.
        ("2024-01-10", 1, "2024-05-30", 4),
        ("2024-01-10", 1, "2025-05-30", 16),
        # The charge date itself counts as 0, the next day as 1.
        ("2024-01-10", 1, "2024-02-10", 0),
        ("2024-01-10", 1, "2024-02-11", 1),
        # Exactly three months count as three, more than three as four.
        ("2024-01-10", 1, "2024-05-10", 3),
        ("2024-01-10", 1, "2024-05-11", 4),
        # Counted from activation: 31 January's months end on the 29th, 31st, 30th ...
        ("2024-01-31", 0, "2024-02-29", 1),
        ("2024-01-31", 0, "2024-03-30", 2),
        ("2024-01-31", 0, "2024-04-01", 3),
        # The second year of it.
        ("2024-01-10", 13, "2025-02-10", 0),
        ("2024-01-10", 13, "2026-01-11", 12),
    ],
)
def test_X4_months_used(activated_on, months_before, cancelled_on, used):
    days = {"activated_on": date.fromisoformat(activated_on), "cancelled_on": date.fromisoformat(cancelled_on)}
    assert months_used(months_before=months_before, **days) == used


@pytest.mark.parametrize(
    ("paid", "term_months", "used", "refund"),
    [
        ("99.00", 12, 4, "66.00"),
        ("299.00", 48, 16, "199.33"),
        ("299.00", 48, 0, "299.00"),
        ("99.00", 12, 12, "0.00"),
        ("99.00", 12, 13, "0.00"),
        # Half a cent is rounded up: 0.30 x 1 / 12 = 0.025.
        ("0.30", 12, 11, "0.03"),
        ("0.01", 12, 6, "0.01"),
        ("0.01", 12, 7, "0.00"),
        ("100.00", 12, 5, "58.33"),
    ],
)
def test_X4_the_refund_to_the_cent(paid, term_months, used, refund):
    assert pro_rata_refund(paid=Decimal(paid), term_months=term_months, used=used) == Decimal(refund)


@given(
    paid=st.decimals("0.01", "99999.99", places=2),
    term=st.sampled_from([12, 48]),
    used=st.integers(0, 60),
)
def test_a_refund_lies_between_nothing_and_what_was_paid(paid, term, used):
    refund = pro_rata_refund(paid=paid, term_months=term, used=used)
    assert Decimal(0) <= refund <= paid
    assert refund == refund.quantize(Decimal("0.01"))


@given(paid=st.decimals("0.01", "99999.99", places=2), term=st.sampled_from([12, 48]), used=st.integers(0, 47))
def test_a_month_later_never_brings_more(paid, term, used):
    now, later = (pro_rata_refund(paid=paid, term_months=term, used=months) for months in (used, used + 1))
    assert later <= now


@given(
    activated_on=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    before=st.integers(0, 49),
    days=st.integers(0, 1500),
)
def test_months_used_is_the_smallest_that_reaches_the_day(activated_on, before, days):
    start = add_months(activated_on, before)
    cancelled_on = start + timedelta(days=days)
    used = months_used(activated_on=activated_on, months_before=before, cancelled_on=cancelled_on)
    assert add_months(activated_on, before + used) >= cancelled_on
    assert used == 0 or add_months(activated_on, before + used - 1) < cancelled_on
