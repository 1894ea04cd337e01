"""X1 to X4, X11: end date and refund of cancelling on a day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import Basis, Standing, quote_cancellation
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.periods import charge_on
from subscriptions.rules.refunds import NOTHING

PAID = Decimal("99.00")


def standing(**fields) -> Standing:
    """A yearly plan with a trial, activated on 10 January 2024 and charged once."""
    facts = {
        "status": Status.PAID,
        "activated_on": date(2024, 1, 10),
        "trial_months": 1,
        "term_months": 12,
        "periods_paid": 1,
        "paid": PAID,
    } | fields
    index = facts["periods_paid"]
    known = {key: facts[key] for key in ("activated_on", "trial_months", "term_months")}
    return Standing(**{"next_charge_on": charge_on(**known, index=index)} | facts)


@pytest.mark.parametrize(
    ("term_months", "paid", "cancelled_on", "ends_on", "used", "left", "refund"),
    [
        (12, "99.00", "2024-05-30", "2024-06-10", 4, 8, "66.00"),
        (48, "299.00", "2025-05-30", "2025-06-10", 16, 32, "199.33"),
        (12, "99.00", "2024-02-10", "2024-02-10", 0, 12, "99.00"),
        (12, "99.00", "2024-02-11", "2024-03-10", 1, 11, "90.75"),
        (12, "99.00", "2025-02-09", "2025-02-10", 12, 0, "0.00"),
    ],
)
def test_X4_long_terms_end_with_the_month_and_refund_the_rest(
    term_months, paid, cancelled_on, ends_on, used, left, refund
):
    quote = quote_cancellation(
        standing(term_months=term_months, paid=Decimal(paid)), today=date.fromisoformat(cancelled_on)
    )
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.PRO_RATA, date.fromisoformat(ends_on), Decimal(refund))
    assert (quote.months_used, quote.months_left) == (used, left)


@pytest.mark.parametrize("day", ["2024-02-10", "2024-02-11", "2024-03-09"])
def test_X3_a_monthly_plan_runs_to_the_end_of_the_paid_month(day):
    quote = quote_cancellation(standing(term_months=1), today=date.fromisoformat(day))
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.MONTHLY, date(2024, 3, 10), NOTHING)


@pytest.mark.parametrize(
    ("status", "today"),
    [
        (Status.PAST_DUE, date(2025, 2, 11)),
        # The charge is due today and has not been made: declined, failed or missed alike.
        (Status.PAID, date(2025, 2, 10)),
        (Status.PAID, date(2025, 4, 1)),
    ],
)
def test_X11_cancelling_while_a_due_charge_is_unpaid_ends_that_day(status, today):
    quote = quote_cancellation(standing(status=status), today=today)
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.UNPAID, today, NOTHING)


def test_X11_a_trial_whose_charge_is_due_ends_that_day():
    trial = standing(status=Status.TRIAL, periods_paid=0)
    assert quote_cancellation(trial, today=date(2024, 2, 10)).basis is Basis.UNPAID


def test_a_complimentary_package_ends_today_without_refund():
    free = standing(status=Status.COMPLIMENTARY, next_charge_on=None)
    quote = quote_cancellation(free, today=date(2024, 4, 1))
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.COMPLIMENTARY, date(2024, 4, 1), NOTHING)


def test_what_has_its_end_already_gives_no_quote():
    with pytest.raises(ValueError, match="has its end already"):
        quote_cancellation(standing(next_charge_on=None), today=date(2024, 4, 1))


@given(
    activated_on=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    trial=st.sampled_from([0, 1]),
    term=st.sampled_from([12, 48]),
    periods=st.integers(1, 5),
    share=st.floats(0, 1, exclude_max=True),
    paid=st.decimals("0.01", "9999.99", places=2),
)
def test_used_and_left_make_the_term_and_the_refund_is_at_most_paid(activated_on, trial, term, periods, share, paid):
    facts = {"activated_on": activated_on, "trial_months": trial, "term_months": term}
    paid_up = standing(**facts, periods_paid=periods, paid=paid)
    start, end = charge_on(**facts, index=periods - 1), charge_on(**facts, index=periods)
    today = start + timedelta(days=int(share * (end - start).days))
    quote = quote_cancellation(paid_up, today=today)
    assert quote.months_used + quote.months_left == term
    assert NOTHING <= quote.refund <= paid
    assert today <= quote.ends_on <= end


def test_C4_what_was_ordered_ahead_ends_at_once_and_costs_nothing():
    ahead = standing(status=Status.SCHEDULED, periods_paid=0)
    quote = quote_cancellation(ahead, today=date(2024, 1, 5))
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.NOT_STARTED, date(2024, 1, 5), NOTHING)
