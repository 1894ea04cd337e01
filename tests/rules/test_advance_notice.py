"""S9, C5: when a customer is warned, late rather than never."""

from datetime import date, timedelta

import pytest

from subscriptions.rules.advance_notice import AdvanceNotice, card_warnings, charge_warnings, complimentary_warning

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


@pytest.mark.parametrize(
    ("is_trial", "term_months", "days_before"),
    [(True, 48, [7]), (False, 1, []), (False, 12, [30, 7]), (False, 48, [60, 30, 7])],
)
def test_S9_opted_in_long_terms_are_told_of_earlier_too(is_trial, term_months, days_before):
    warnings = charge_warnings(
        is_trial=is_trial, term_months=term_months, next_charge_on=CHARGE_ON, opted_in_on=date(2023, 1, 1)
    )
    assert [warning.days_before for warning in warnings] == days_before
    assert [warning.is_early for warning in warnings] == [days != 7 for days in days_before]


def test_S9_what_was_to_be_told_before_the_opting_in_is_not_told_late():
    on_the_day = CHARGE_ON - timedelta(days=30)
    for opted_in_on, days_before in ((on_the_day, [30, 7]), (on_the_day + timedelta(days=1), [7])):
        warnings = charge_warnings(is_trial=False, term_months=48, next_charge_on=CHARGE_ON, opted_in_on=opted_in_on)
        assert [warning.days_before for warning in warnings] == days_before


def test_W6_a_card_is_told_of_30_and_7_days_before_its_last_day_and_on_that_day_still():
    month, week = card_warnings(date(2024, 6, 30))
    assert (month.first_day, week.first_day) == (date(2024, 5, 31), date(2024, 6, 23))
    assert month.is_due(date(2024, 6, 30))
    assert not week.is_due(date(2024, 7, 1))
