"""Where a contract of the system before this one stands, or why it cannot move (S5)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.moving_in import CannotMove, Standing, standing_on
from subscriptions.rules.periods import charge_on

TODAY = date(2026, 6, 10)
YEARLY = {
    "activated_on": date(2024, 5, 10),
    "trial_months": 1,
    "term_months": 12,
    "next_charge_on": None,
    "ends_on": None,
}


def test_S5_the_next_charge_is_counted_from_the_activation():
    standing = standing_on(TODAY, **YEARLY | {"next_charge_on": date(2026, 6, 10)})
    assert standing == Standing(periods_paid=2, due_on=date(2026, 6, 10))


def test_S5_what_runs_out_at_its_end_moves_too():
    standing = standing_on(TODAY, **YEARLY | {"activated_on": date(2024, 5, 11), "ends_on": date(2026, 6, 11)})
    assert standing == Standing(periods_paid=2, due_on=date(2026, 6, 11))


def test_S3_a_trial_has_nothing_paid():
    trial = {"activated_on": date(2026, 6, 1), "next_charge_on": date(2026, 7, 1)}
    assert standing_on(TODAY, **YEARLY | trial).periods_paid == 0


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"activated_on": date(2026, 6, 11), "next_charge_on": date(2027, 7, 11)}, "a day to come"),
        ({}, "not both"),
        ({"next_charge_on": date(2026, 6, 10), "ends_on": date(2026, 6, 10)}, "not both"),
        ({"next_charge_on": date(2026, 6, 9)}, "settle it in the old system"),
        ({"next_charge_on": date(2026, 6, 11)}, "charged next on 2026-06-10"),
        ({"ends_on": date(2026, 6, 10)}, "let it run out"),
        ({"ends_on": date(2026, 8, 1)}, "let it run out"),
        (
            {"activated_on": TODAY, "trial_months": 0, "next_charge_on": TODAY},
            "nothing was paid yet",
        ),
    ],
)
def test_what_cannot_move_says_why(facts, why):
    with pytest.raises(CannotMove, match=why):
        standing_on(TODAY, **YEARLY | facts)


@given(
    activated_on=st.dates(date(2015, 1, 1), TODAY),
    trial_months=st.sampled_from([0, 1]),
    term_months=st.sampled_from([1, 12, 48]),
)
def test_S5_it_is_the_first_charge_that_is_not_over(activated_on, trial_months, term_months):
    dates = {"activated_on": activated_on, "trial_months": trial_months, "term_months": term_months}
    due = next(day for index in range(200) if (day := charge_on(**dates, index=index)) >= TODAY)
    try:
        standing = standing_on(TODAY, **dates, next_charge_on=due, ends_on=None)
    except CannotMove:
        assert (trial_months, due) == (0, TODAY)
    else:
        assert standing.due_on == due
