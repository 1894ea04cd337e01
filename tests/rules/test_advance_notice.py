"""S9, C5: when a customer is warned, late rather than never."""

from datetime import date, timedelta

import pytest

from subscriptions.rules.advance_notice import AdvanceNotice, charge_warnings, complimentary_warning

CHARGE_ON = date(2024, 2, 10)


@pytest.mark.parametrize(
    ("is_trial", "term_months", "kinds"),
    [
        (True, 1, ["trial_ending"]),
        (True, 12, ["trial_ending"]),
        (True, 48, ["trial_ending"]),
        (False, 1, []),
        (False, 12, ["charge_upcoming"]),
        (False, 48, ["charge_upcoming"]),
    ],
)
def test_S9_trials_and_long_terms_are_warned_of(is_trial, term_months, kinds):
    warnings = charge_warnings(is_trial=is_trial, term_months=term_months, next_charge_on=CHARGE_ON)
    assert [warning.kind for warning in warnings] == kinds
    assert all(warning == AdvanceNotice(kind=warning.kind, event_on=CHARGE_ON, days_before=7) for warning in warnings)


@pytest.mark.parametrize(
    ("days_before", "is_due"), [(8, False), (7, True), (3, True), (1, True), (0, False), (-1, False)]
)
def test_S9_seven_days_before_and_later_but_never_after_the_event(days_before, is_due):
    (warning,) = charge_warnings(is_trial=True, term_months=12, next_charge_on=CHARGE_ON)
    assert warning.is_due(CHARGE_ON - timedelta(days=days_before)) is is_due


@pytest.mark.parametrize(("days_before", "is_due"), [(31, False), (30, True), (1, True), (0, False)])
def test_C5_thirty_days_before_the_free_years_end(days_before, is_due):
    warning = complimentary_warning(CHARGE_ON)
    assert warning.is_due(CHARGE_ON - timedelta(days=days_before)) is is_due
