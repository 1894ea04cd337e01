"""S4, S5: charge dates are anchored at the activation date and never drift."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import upcoming_charges
from subscriptions.rules.periods import TERM_MONTHS, Period, add_months, charge_on, paid_period

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
TERMS = st.sampled_from(sorted(TERM_MONTHS.values()))
TRIALS = st.sampled_from([0, 1])


@pytest.mark.parametrize(
    ("term", "trial_months", "activated_on", "charges"),
    [
        ("yearly", 1, "2024-01-10", ["2024-02-10", "2025-02-10"]),
        ("four-yearly", 1, "2024-01-10", ["2024-02-10", "2028-02-10"]),
        ("monthly", 1, "2024-01-10", ["2024-02-10", "2024-03-10", "2024-04-10"]),
        ("monthly", 0, "2024-01-31", ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("monthly", 1, "2023-01-31", ["2023-02-28", "2023-03-31", "2023-04-30"]),
        ("yearly", 0, "2024-02-29", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("four-yearly", 0, "2024-02-29", ["2024-02-29", "2028-02-29"]),
        ("yearly", 1, "2023-12-31", ["2024-01-31", "2025-01-31"]),
    ],
)
def test_S5_charges_fall_on_these_days(term, trial_months, activated_on, charges):
    days = upcoming_charges(
        activated_on=date.fromisoformat(activated_on),
        trial_months=trial_months,
        term_months=TERM_MONTHS[term],
        first=0,
        count=len(charges),
    )
    assert [day.isoformat() for day in days] == charges


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-10", -12, "2023-01-10"),
        ("2024-05-05", 0, "2024-05-05"),
    ],
)
def test_a_day_that_a_month_does_not_have_is_pulled_back_once(anchor, months, expected):
    assert add_months(date.fromisoformat(anchor), months) == date.fromisoformat(expected)


def test_a_period_is_half_open():
    period = Period(date(2024, 2, 10), date(2025, 2, 10))
    assert date(2024, 2, 10) in period
    assert date(2025, 2, 9) in period
    assert date(2025, 2, 10) not in period


@given(anchor=DAYS, months=st.integers(0, 600))
def test_the_day_is_the_anchors_or_the_months_last(anchor, months):
    day = add_months(anchor, months)
    assert (day.year - anchor.year) * 12 + day.month - anchor.month == months
    assert day.day == anchor.day or (
        day.day < anchor.day and add_months(day.replace(day=1), 1).toordinal() - 1 == day.toordinal()
    )


@given(activated_on=DAYS, trial=TRIALS, term=TERMS, index=st.integers(0, 60))
def test_periods_follow_each_other_without_gap_or_overlap(activated_on, trial, term, index):
    contract = {"activated_on": activated_on, "trial_months": trial, "term_months": term}
    period = paid_period(**contract, index=index)
    assert period.start_on == charge_on(**contract, index=index) < period.end_on
    assert period.end_on == paid_period(**contract, index=index + 1).start_on


@given(activated_on=DAYS, trial=TRIALS, term=TERMS, index=st.integers(0, 60))
def test_dates_never_drift_from_the_activation_date(activated_on, trial, term, index):
    day = charge_on(activated_on=activated_on, trial_months=trial, term_months=term, index=index)
    assert day == add_months(activated_on, trial + index * term)
    assert activated_on.day - day.day in range(4)
