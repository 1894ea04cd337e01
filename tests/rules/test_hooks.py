"""When an event is told again, and when an endpoint is told nothing more."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.hooks import PAUSES, State, Verdict, Why, is_taken, judge, pause_after, signing_generations

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
A_WHILE_AGO = NOW - timedelta(days=2)
A_WEEK_AGO = NOW - timedelta(days=7)
WAITS = Verdict(state=State.WAITING, due_at=NOW + timedelta(seconds=30), failing_since=NOW)


def test_the_pauses_grow_and_reach_over_three_days():
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=2, hours=20) < sum(PAUSES, timedelta()) <= timedelta(days=3, hours=1)


@pytest.mark.parametrize(("attempts", "pause"), [(1, PAUSES[0]), (9, PAUSES[8]), (10, None), (11, None)])
def test_after_the_last_pause_there_is_none(attempts, pause):
    assert pause_after(attempts) == pause


@pytest.mark.parametrize(
    ("status", "taken"),
    [(200, True), (204, True), (299, True), (None, False), (199, False), (302, False), (500, False)],
)
def test_any_2xx_is_an_event_taken_and_a_redirect_is_not(status, taken):
    assert is_taken(status) is taken


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"status": 204}, Verdict(state=State.DELIVERED)),
        ({"status": 204, "failing_since": A_WEEK_AGO}, Verdict(state=State.DELIVERED)),
        ({"status": 500}, WAITS),
        ({"status": None}, WAITS),
        ({"status": 302}, WAITS),
        (
            {"status": 500, "attempts": 2, "failing_since": A_WHILE_AGO},
            Verdict(state=State.WAITING, due_at=NOW + timedelta(minutes=5), failing_since=A_WHILE_AGO),
        ),
        (
            {"status": 500, "attempts": 10, "failing_since": A_WHILE_AGO},
            Verdict(state=State.PARKED, failing_since=A_WHILE_AGO),
        ),
        ({"status": 410}, Verdict(state=State.PARKED, failing_since=NOW, disabled=Why.GONE)),
        (
            {"status": 500, "failing_since": A_WEEK_AGO},
            Verdict(state=State.PARKED, failing_since=A_WEEK_AGO, disabled=Why.FAILED_FOR_A_WEEK),
        ),
    ],
)
def test_what_becomes_of_a_delivery_after_a_try(facts, verdict):
    assert judge(**{"attempts": 1, "failing_since": None, "now": NOW} | facts) == verdict


@pytest.mark.parametrize(
    ("rotated_at", "signing"),
    [(None, (3,)), (NOW, (3, 2)), (NOW - timedelta(hours=47), (3, 2)), (NOW - timedelta(days=2), (3,))],
)
def test_both_secrets_sign_for_two_days_after_a_change(rotated_at, signing):
    assert signing_generations(generation=3, rotated_at=rotated_at, now=NOW) == signing
