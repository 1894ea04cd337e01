"""C1: what is asked of a car, and what its answers mean, whatever order they come in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from garage.rules.said import Problem, Unreadable
from subscriptions.rules.provisioning import IllegalMove, State, Verdict, check_move, is_late, verdict
from subscriptions.rules.provisioning_reports import Report, is_before, read

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
ORDER = "0f3b8a52-7d6f-4c0b-9d59-0a3a54f1c001"
DONE = {"order": ORDER, "state": "done", "at": NOW.isoformat()}
FAILED = DONE | {"state": "failed", "reason": "no_reception"}


@pytest.mark.parametrize(
    ("current", "said", "means"),
    [
        (State.ASKED, State.DONE, Verdict.MOVES),
        (State.ASKED, State.FAILED, Verdict.MOVES),
        (State.FAILED, State.DONE, Verdict.MOVES),
        (State.FAILED, State.FAILED, Verdict.KNOWN),
        (State.DONE, State.DONE, Verdict.KNOWN),
        (State.DONE, State.FAILED, Verdict.KNOWN),
        (State.OVERTAKEN, State.DONE, Verdict.OVER),
        (State.OVERTAKEN, State.FAILED, Verdict.OVER),
    ],
)
def test_C1_what_an_answer_means(current, said, means):
    assert verdict(current, said) is means
    if means is Verdict.MOVES:
        check_move(current, said)


def test_C1_what_is_done_is_never_asked_again():
    with pytest.raises(IllegalMove):
        check_move(State.DONE, State.ASKED)


def test_K4_a_car_has_a_day_to_answer():
    assert not is_late(NOW, now=NOW + timedelta(days=1))
    assert is_late(NOW, now=NOW + timedelta(days=1, seconds=1))


def test_C1_an_answer_is_read():
    assert read(DONE, now=NOW) == Report(order=UUID(ORDER), state=State.DONE, at=NOW)
    assert read(FAILED, now=NOW).reason == "no_reception"
    # Of what is done no reason is kept.
    assert read(DONE | {"reason": "no_reception"}, now=NOW).reason == ""


@pytest.mark.parametrize(
    ("said", "problem", "field"),
    [
        ("done", Problem.WRONG_KIND, ""),
        (DONE | {"order": 7}, Problem.WRONG_KIND, "order"),
        (DONE | {"state": "asked"}, Problem.UNKNOWN_CODE, "state"),
        (DONE | {"at": "2026-06-10T09:00:00"}, Problem.WRONG_KIND, "at"),
        (DONE | {"at": "2026-06-10T10:00:00Z"}, Problem.IN_FUTURE, "at"),
        ({key: value for key, value in FAILED.items() if key != "reason"}, Problem.MISSING, "reason"),
        (FAILED | {"reason": "The owner, Eleni, was away"}, Problem.WRONG_KIND, "reason"),
    ],
)
def test_C1_what_is_no_answer_is_refused_with_its_place(said, problem, field):
    with pytest.raises(Unreadable) as refused:
        read(said, now=NOW)
    assert (refused.value.fault.problem, refused.value.fault.field) == (problem, field)


def test_C1_nothing_was_done_before_it_was_asked_but_for_clocks_that_differ():
    assert is_before(NOW - timedelta(minutes=6), NOW)
    assert not is_before(NOW - timedelta(minutes=4), NOW)
