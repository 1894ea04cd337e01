"""X5: the fourteen days, counted from the day after activation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import Basis, Consequence, Quote
from subscriptions.rules.withdrawal import Barrier, WithdrawalQuote, last_withdrawal_day, quote_withdrawal

ACTIVATED_ON = date(2024, 1, 10)
NOTHING = Decimal("0.00")


def quote(today, *, paid="60.00", refunded="0.00", has_used_right=False):
    return quote_withdrawal(
        activated_on=ACTIVATED_ON,
        has_used_right=has_used_right,
        paid=Decimal(paid),
        refunded=Decimal(refunded),
        today=today,
    )


@pytest.mark.parametrize("day", [10, 11, 23, 24])
def test_X5_the_fourteenth_day_is_included(day):
    today = date(2024, 1, day)
    assert quote(today) == WithdrawalQuote(ends_on=today, refund=Decimal("60.00"))


def test_X5_the_fifteenth_day_is_too_late():
    assert last_withdrawal_day(ACTIVATED_ON) == date(2024, 1, 24)
    assert quote(date(2024, 1, 25)) is Barrier.OVER


def test_X5_what_was_refunded_already_is_deducted():
    assert quote(ACTIVATED_ON, refunded="55.00").refund == Decimal("5.00")


def test_X5_the_right_is_given_once_per_account():
    assert quote(ACTIVATED_ON, has_used_right=True) is Barrier.USED


@pytest.mark.parametrize(("paid", "refunded"), [("0.00", "0.00"), ("60.00", "60.00")])
def test_X5_withdrawing_from_what_costs_nothing_needs_no_right(paid, refunded):
    today = ACTIVATED_ON + timedelta(days=3)
    asked = quote(today, paid=paid, refunded=refunded, has_used_right=True)
    assert asked == WithdrawalQuote(ends_on=today, refund=NOTHING)


def test_X5_late_is_said_before_used():
    assert quote(date(2024, 3, 1), has_used_right=True) is Barrier.OVER


@given(days=st.integers(0, 40), paid=st.integers(0, 100_000), share=st.floats(0, 1))
def test_the_refund_lies_between_nothing_and_what_was_paid(days, paid, share):
    gross = Decimal(paid).scaleb(-2)
    refunded = Decimal(int(paid * share)).scaleb(-2)
    asked = quote(ACTIVATED_ON + timedelta(days=days), paid=str(gross), refunded=str(refunded))
    assert asked is Barrier.OVER if days > 14 else NOTHING <= asked.refund <= gross


def test_S12_what_its_add_ons_get_back_is_summed_up():
    ends = [Quote(basis=Basis.PRO_RATA, ends_on=ACTIVATED_ON, refund=Decimal(sum_)) for sum_ in ("5.00", "2.50")]
    add_ons = tuple(Consequence(subscription=str(number), quote=end) for number, end in enumerate(ends))
    withdrawal = WithdrawalQuote(ends_on=ACTIVATED_ON, refund=Decimal("60.00"), add_ons=add_ons)
    assert withdrawal.refund_of_add_ons == Decimal("7.50")
