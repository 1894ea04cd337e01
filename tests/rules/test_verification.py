from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.verification import (
    OdometerReading,
    Verdict,
    growth_km,
    is_proof_current,
    judge_reading,
    may_be_tried,
    supersedes,
    tries_left,
)

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)


def judge(stated_km, *, hours=0.0, known_km=10_000, tolerance_km=5):
    known = OdometerReading(km=known_km, taken_at=NOW - timedelta(hours=hours))
    return judge_reading(stated_km=stated_km, known=known, tolerance_km=tolerance_km, now=NOW)


@pytest.mark.parametrize(
    ("hours", "lowest", "highest"),
    [
        (0, 9_995, 10_005),
        (0.99, 9_995, 10_005),
        (1, 9_995, 10_007),
        (1.5, 9_995, 10_007),
        (24, 9_995, 10_053),
        (250, 9_995, 10_505),
        (251, 9_995, 10_505),
        (30 * 24, 9_995, 10_505),
        # A car whose clock is ahead: its reading counts as taken now.
        (-3, 9_995, 10_005),
    ],
)
def test_v1_a_reading_matches_within_tolerance_and_growth_and_not_a_kilometre_beyond(hours, lowest, highest):
    verdicts = [judge(km, hours=hours) for km in (lowest - 1, lowest, highest, highest + 1)]
    assert verdicts == [Verdict.DIFFERS, Verdict.MATCHES, Verdict.MATCHES, Verdict.DIFFERS]


def test_v1_a_market_may_set_another_tolerance():
    assert judge(10_050, tolerance_km=50) == Verdict.MATCHES
    assert judge(10_001, tolerance_km=0) == Verdict.DIFFERS


def test_v1_a_reading_older_than_30_days_proves_nothing():
    assert judge(10_000, hours=30 * 24) == Verdict.MATCHES
    assert judge(10_000, hours=30 * 24 + 0.001) == Verdict.NO_FRESH_READING


def test_v1_a_car_that_never_sent_a_reading_cannot_be_proved_by_it():
    assert judge_reading(stated_km=1, known=None, tolerance_km=5, now=NOW) == Verdict.NO_FRESH_READING


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_v1_growth_is_never_negative_and_never_above_500_km(since):
    assert 0 <= growth_km(since) <= 500


@given(st.integers(0, 400), st.integers(0, 700), st.integers(-20, 600))
def test_v1_waiting_never_makes_a_right_reading_wrong(hours, later, offset):
    if judge(10_000 + offset, hours=hours) == Verdict.MATCHES and hours + later <= 720:
        assert judge(10_000 + offset, hours=hours + later) == Verdict.MATCHES


@pytest.mark.parametrize(("wrong", "left"), [(0, 3), (1, 2), (2, 1), (3, 0), (4, 0)])
def test_v2_three_wrong_readings_leave_no_try(wrong, left):
    assert tries_left(wrong) == left


def test_V2_a_car_takes_readings_until_the_markets_number_of_wrong_ones_is_reached():
    assert [may_be_tried(wrong_on_car=wrong, most=12) for wrong in (0, 11, 12, 13)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("proved", "control_began", "is_current"),
    [(0, 0, True), (1, 0, True), (0, 1, False), (None, 0, False), (0, None, False)],
)
def test_V4_a_proof_counts_in_the_control_under_which_it_was_given(proved, control_began, is_current):
    days = {day: NOW + timedelta(days=day) for day in (0, 1)} | {None: None}
    assert is_proof_current(proved_at=days[proved], control_began_at=days[control_began]) is is_current


@pytest.mark.parametrize(
    ("hours", "verdict"), [(24, Verdict.MATCHES), (24.01, Verdict.NO_FRESH_READING), (9000, Verdict.NO_FRESH_READING)]
)
def test_V1_a_reading_dated_more_than_a_day_ahead_proves_nothing(hours, verdict):
    assert judge(10_000, hours=-hours) is verdict


@pytest.mark.parametrize(
    ("km", "hours", "is_typed", "is_taken"),
    [(9_000, 1, False, True), (9_000, 1, True, False), (10_000, 1, True, True), (11_000, 0, False, False)],
)
def test_V1_the_last_known_reading_never_goes_back_in_time_and_typed_never_down(km, hours, is_typed, is_taken):
    known = OdometerReading(km=10_000, taken_at=NOW)
    new = OdometerReading(km=km, taken_at=NOW + timedelta(hours=hours))
    assert supersedes(new, known=known, is_typed=is_typed) is is_taken
    assert supersedes(new, known=None, is_typed=is_typed)
