"""S8: both sides of a change of term."""

from datetime import date
from decimal import Decimal

import pytest

from subscriptions.rules.cancellation import quote_cancellation
from subscriptions.rules.term_change import change_of_term
from tests.rules.test_cancellation import standing


@pytest.mark.parametrize(
    ("today", "trial", "begins", "first_charge", "at_once"),
    [
        # Pro rata: four months are used, and the new term begins when they are over.
        ("2024-05-30", 0, "2024-06-10", "2024-06-10", False),
        # No month is used: it ends today, and the new one can be ordered today.
        ("2024-02-10", 0, "2024-02-10", "2024-02-10", True),
        ("2024-05-30", 1, "2024-06-10", "2024-07-10", False),
    ],
)
def test_S8_the_new_term_begins_when_the_running_one_has_ended(today, trial, begins, first_charge, at_once):
    day = date.fromisoformat(today)
    end = quote_cancellation(standing(), today=day)
    change = change_of_term(
        term="monthly", term_months=1, trial_months=trial, price=Decimal("9.90"), end=end, ends_on=day, today=day
    )
    assert (str(change.begins_on), str(change.first_charge_on)) == (begins, first_charge)
    assert (change.end, change.is_at_once(day)) == (end, at_once)


@pytest.mark.parametrize(("ends_on", "begins"), [("2024-06-10", "2024-06-10"), ("2024-05-01", "2024-05-30")])
def test_S8_of_an_end_that_is_set_nothing_changes(ends_on, begins):
    change = change_of_term(
        term="yearly",
        term_months=12,
        trial_months=0,
        price=Decimal("99.00"),
        end=None,
        ends_on=date.fromisoformat(ends_on),
        today=date(2024, 5, 30),
    )
    assert (change.end, str(change.begins_on)) == (None, begins)
