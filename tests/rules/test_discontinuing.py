"""S10: ends and refunds of a package that the brand discontinues."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import Basis, quote_cancellation
from subscriptions.rules.discontinuing import earliest_end, foretell_discontinuation, quote_discontinuation
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.refunds import NOTHING
from tests.rules.test_cancellation import PAID, standing


def quote(ends_on: str, *, refundable: str = "99.00", **fields):
    return quote_discontinuation(
        standing(**fields), ends_on=date.fromisoformat(ends_on), refundable=Decimal(refundable)
    )


@pytest.mark.parametrize(
    ("term", "ends_on", "used", "left", "refund"),
    [
        (12, "2024-05-30", 4, 8, "66.00"),
        (12, "2024-05-10", 3, 9, "74.25"),
        (12, "2024-05-11", 4, 8, "66.00"),
        (48, "2025-05-30", 16, 32, "66.00"),
    ],
)
def test_S10_the_whole_months_left_are_refunded_and_the_package_ends_on_its_day(term, ends_on, used, left, refund):
    made = quote(ends_on, term_months=term)
    assert (made.basis, str(made.ends_on), made.refund) == (Basis.PRO_RATA, ends_on, Decimal(refund))
    assert (made.months_used, made.months_left) == (used, left)


@pytest.mark.parametrize(
    ("ends_on", "fields"),
    [
        ("2024-02-20", {"term_months": 1}),
        ("2024-03-10", {"term_months": 1}),
        ("2024-01-20", {"status": Status.TRIAL, "periods_paid": 0}),
        ("2025-02-11", {"status": Status.PAST_DUE}),
        ("2025-02-10", {}),
        ("2025-02-15", {}),
        ("2024-05-30", {"next_charge_on": None}),
        ("2024-05-30", {"status": Status.COMPLIMENTARY, "next_charge_on": None}),
    ],
)
def test_S10_nothing_is_paid_back_where_no_whole_paid_month_is_left(ends_on, fields):
    made = quote(ends_on, **fields)
    assert (made.basis, made.refund, str(made.ends_on)) == (Basis.DISCONTINUED, NOTHING, ends_on)


@pytest.mark.parametrize(("refundable", "refund"), [("99.00", "66.00"), ("66.00", "66.00"), ("50.00", "50.00")])
def test_S10_never_more_than_is_left_of_the_payment(refundable, refund):
    assert quote("2024-05-30", refundable=refundable).refund == Decimal(refund)


def test_S10_customers_are_told_sixty_days_ahead_at_least():
    assert earliest_end(date(2024, 1, 1)) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("ends_on", "refund"),
    [
        # In the period that runs.
        ("2025-01-10", "8.25"),
        # The charge of 10 February is made before; on its own day it is not.
        ("2025-02-10", "0.00"),
        ("2025-02-11", "90.75"),
        ("2025-03-10", "90.75"),
    ],
)
def test_S10_what_is_foretold_takes_the_charges_before_that_day_into_account(ends_on, refund):
    day = date.fromisoformat(ends_on)
    told = foretell_discontinuation(standing(stops_on=day), today=date(2024, 11, 1), ends_on=day, refundable=PAID)
    assert told.refund == Decimal(refund)


@given(day=st.dates(date(2024, 2, 10), date(2025, 2, 9)), term=st.sampled_from([12, 48]))
def test_S10_the_refund_is_that_of_cancelling_on_that_day(day, term):
    made = quote_discontinuation(standing(term_months=term), ends_on=day, refundable=PAID)
    own = quote_cancellation(standing(term_months=term), today=day)
    assert made.refund == own.refund
    assert made.ends_on <= own.ends_on


@pytest.mark.parametrize(
    ("fields", "today", "ends_on"),
    [
        ({"term_months": 1}, "2024-02-20", "2024-03-01"),
        ({"term_months": 12}, "2024-02-20", "2024-03-01"),
        ({"status": Status.TRIAL, "periods_paid": 0}, "2024-01-20", "2024-02-01"),
        ({"term_months": 1}, "2024-02-20", "2024-03-10"),
    ],
)
def test_S10_cancelling_gives_no_service_beyond_the_day_on_which_it_stops(fields, today, ends_on):
    stops_on = date.fromisoformat(ends_on)
    free = quote_cancellation(standing(**fields), today=date.fromisoformat(today))
    held = quote_cancellation(standing(**fields, stops_on=stops_on), today=date.fromisoformat(today))
    assert (held.ends_on, held.refund) == (stops_on, free.refund)
    after_all = standing(**fields, stops_on=free.ends_on + timedelta(days=1))
    assert quote_cancellation(after_all, today=date.fromisoformat(today)) == free
