"""S12, X7: ends that follow from others."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import Basis, Consequence, Standing, quote_cancellation
from subscriptions.rules.leaving import (
    Leaver,
    RemovalQuote,
    closing_of,
    end_at_once,
    end_with_base,
    ends_with_base,
    removal_of,
)
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.periods import charge_on

ACTIVATED = date(2024, 1, 10)
NOTHING = Decimal("0.00")


def leaver(
    *, term_months=12, paid="60.00", refunded="0.00", ends_on=None, status=Status.PAID, trial_months=0
) -> Leaver:
    """Activated on 10 January 2024; without a trial its first period is paid."""
    periods_paid = 0 if trial_months or status is Status.PENDING else 1
    term = {"activated_on": ACTIVATED, "trial_months": trial_months, "term_months": term_months}
    standing = Standing(
        status=status,
        periods_paid=periods_paid,
        paid=Decimal(paid),
        next_charge_on=None if ends_on else charge_on(**term, index=periods_paid),
        **term,
    )
    return Leaver(standing=standing, ends_on=ends_on, paid=Decimal(paid), refunded=Decimal(refunded))


MONTHLY = leaver(term_months=1, paid="5.00")
IN_TRIAL = leaver(status=Status.TRIAL, trial_months=1, paid="0.00")
PAST_DUE = leaver(status=Status.PAST_DUE, trial_months=1, paid="0.00")
PENDING = leaver(status=Status.PENDING, paid="0.00")
FREE = leaver(status=Status.COMPLIMENTARY, paid="0.00", ends_on=date(2024, 6, 1))
CANCELLED = leaver(ends_on=date(2024, 3, 10), refunded="50.00")
CANCELLED_MONTH = leaver(term_months=1, paid="5.00", ends_on=date(2024, 2, 10))


@pytest.mark.parametrize(
    ("leaving", "today", "basis", "refund"),
    [
        (leaver(), "2024-01-24", Basis.WITHDRAWAL, "60.00"),
        (leaver(), "2024-01-25", Basis.PRO_RATA, "55.00"),
        (leaver(), "2024-01-10", Basis.WITHDRAWAL, "60.00"),
        (MONTHLY, "2024-01-24", Basis.WITHDRAWAL, "5.00"),
        (MONTHLY, "2024-01-25", Basis.AT_ONCE, "0.00"),
        (IN_TRIAL, "2024-01-12", Basis.AT_ONCE, "0.00"),
        (PAST_DUE, "2024-02-11", Basis.UNPAID, "0.00"),
        (PENDING, "2024-02-11", Basis.UNPAID, "0.00"),
        (FREE, "2024-01-12", Basis.COMPLIMENTARY, "0.00"),
        (CANCELLED, "2024-01-20", Basis.CANCELLED_BEFORE, "0.00"),
        (CANCELLED, "2024-02-20", Basis.CANCELLED_BEFORE, "0.00"),
        (CANCELLED_MONTH, "2024-01-24", Basis.WITHDRAWAL, "5.00"),
        (CANCELLED_MONTH, "2024-01-25", Basis.CANCELLED_BEFORE, "0.00"),
    ],
)
def test_X7_everything_ends_today_with_one_refund_at_most(leaving, today, basis, refund):
    quote = end_at_once(leaving, has_used_right=False, today=date.fromisoformat(today))
    assert (quote.basis, quote.ends_on.isoformat(), quote.refund) == (basis, today, Decimal(refund))


def test_X5_a_right_that_is_used_up_leaves_the_refund_by_months():
    assert end_at_once(leaver(), has_used_right=True, today=date(2024, 1, 20)).refund == Decimal("55.00")
    assert end_at_once(MONTHLY, has_used_right=True, today=date(2024, 1, 20)).refund == NOTHING


@pytest.mark.parametrize(
    ("add_on", "base_ends_on", "basis", "ends_on", "refund"),
    [
        # By its own rule it ends on 10 March, with 2 of 12 months used.
        (leaver(), "2024-03-01", Basis.PRO_RATA, "2024-03-01", "50.00"),
        (leaver(), "2024-04-01", Basis.PRO_RATA, "2024-03-10", "50.00"),
        (leaver(), "2024-02-20", Basis.PRO_RATA, "2024-02-20", "50.00"),
        (CANCELLED, "2024-03-01", Basis.CANCELLED_BEFORE, "2024-03-01", "0.00"),
        (CANCELLED, "2024-04-01", Basis.CANCELLED_BEFORE, "2024-03-10", "0.00"),
        (FREE, "2024-03-01", Basis.COMPLIMENTARY, "2024-03-01", "0.00"),
        (FREE, "2024-07-01", Basis.COMPLIMENTARY, "2024-06-01", "0.00"),
        (PAST_DUE, "2024-03-01", Basis.UNPAID, "2024-02-20", "0.00"),
    ],
)
def test_S12_an_add_on_goes_by_its_own_rule_and_at_the_latest_with_its_base(
    add_on, base_ends_on, basis, ends_on, refund
):
    until = date.fromisoformat(base_ends_on)
    quote = end_with_base(add_on, base_ends_on=until, has_used_right=False, today=date(2024, 2, 20))
    assert (quote.basis, quote.ends_on.isoformat(), quote.refund) == (basis, ends_on, Decimal(refund))


@pytest.mark.parametrize(
    ("add_on", "own"), [(IN_TRIAL, Basis.TRIAL), (MONTHLY, Basis.MONTHLY)], ids=["trial", "monthly"]
)
def test_S12_a_month_is_not_refunded_whether_it_runs_out_or_not(add_on, own):
    arguments = {"has_used_right": False, "today": date(2024, 1, 20)}
    shortened = end_with_base(add_on, base_ends_on=date(2024, 2, 9), **arguments)
    whole = end_with_base(add_on, base_ends_on=date(2024, 2, 10), **arguments)
    assert (shortened.basis, shortened.ends_on, shortened.refund) == (Basis.WITH_BASE, date(2024, 2, 9), NOTHING)
    assert (whole.basis, whole.ends_on, whole.refund) == (own, date(2024, 2, 10), NOTHING)


@given(
    term_months=st.sampled_from([1, 12, 48]),
    today=st.dates(min_value=ACTIVATED, max_value=date(2024, 2, 9)),
    base_ends_on=st.dates(min_value=ACTIVATED, max_value=date(2028, 1, 10)),
    has_used_right=st.booleans(),
)
def test_no_add_on_outlasts_its_base_or_gets_more_than_was_paid(term_months, today, base_ends_on, has_used_right):
    add_on = leaver(term_months=term_months)
    quote = end_with_base(add_on, base_ends_on=base_ends_on, has_used_right=has_used_right, today=today)
    assert today <= quote.ends_on <= max(base_ends_on, today)
    assert NOTHING <= quote.refund <= add_on.paid


def test_a_removal_adds_its_refunds_up():
    quotes = [end_at_once(each, has_used_right=False, today=date(2024, 1, 20)) for each in (leaver(), MONTHLY, FREE)]
    ends = tuple(Consequence(subscription=str(nth), quote=quote) for nth, quote in enumerate(quotes))
    assert (RemovalQuote(ends=ends).refund, RemovalQuote().refund) == (Decimal("65.00"), NOTHING)


def test_S12_add_ons_are_quoted_by_name_in_their_order_and_summed_up_with_their_base():
    today, base_ends_on = date(2024, 5, 30), date(2024, 6, 10)
    ends = ends_with_base(
        [("yearly", leaver()), ("monthly", MONTHLY)], base_ends_on=base_ends_on, has_used_right=True, today=today
    )
    assert [(end.subscription, end.quote.refund) for end in ends] == [
        ("yearly", Decimal("35.00")),
        ("monthly", NOTHING),
    ]
    assert replace(quote_cancellation(leaver().standing, today=today), add_ons=ends).refund_of_add_ons == Decimal(
        "35.00"
    )


def test_X7_all_on_the_car_end_at_once_each_by_its_own_rule():
    removal = removal_of([("add-on", MONTHLY), ("base", leaver())], has_used_right=True, today=date(2024, 5, 30))
    assert [(end.subscription, end.quote.refund) for end in removal.ends] == [
        ("add-on", NOTHING),
        ("base", Decimal("35.00")),
    ]
    assert removal.refund == Decimal("35.00")


def test_A6_closing_ends_as_removal_does_whatever_the_car_and_names_what_goes_besides():
    rights = {"has_used_right": True, "today": date(2024, 3, 20)}
    quote = closing_of([("a", leaver()), ("b", MONTHLY)], cars=["NX 350h"], cards=["Visa 4242"], **rights)
    assert quote.ends == removal_of([("a", leaver()), ("b", MONTHLY)], **rights).ends
    assert quote.refund == Decimal("45.00")
    assert (quote.cars, quote.cards) == (("NX 350h",), ("Visa 4242",))
