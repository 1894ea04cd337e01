"""Switching a package on and off in the car: what the vehicle backend is asked, and how it may answer (C1, P9)."""

from datetime import datetime, timedelta
from enum import StrEnum

# Whoever has not answered by then is looked after by staff.
LATE_AFTER = timedelta(days=1)


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


class State(StrEnum):
    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"
    # It was to be switched on, and ended before the car had answered.
    OVERTAKEN = "overtaken"


# The car has not done it yet.
OPEN = frozenset({State.ASKED, State.FAILED})
# What the vehicle backend tells.
REPORTED = frozenset({State.DONE, State.FAILED})

MOVES: dict[State, frozenset[State]] = {
    State.ASKED: frozenset({State.DONE, State.FAILED, State.OVERTAKEN}),
    # Staff ask once more; the backend may have tried again by itself.
    State.FAILED: frozenset({State.ASKED, State.DONE, State.OVERTAKEN}),
    State.DONE: frozenset(),
    State.OVERTAKEN: frozenset(),
}


class IllegalMove(Exception):
    """The table does not allow this move: a programming error, never a customer's."""


class Verdict(StrEnum):
    """What an answer means for what was asked."""

    MOVES = "moves"
    # Told before, or a failure that was made good since.
    KNOWN = "known"
    # It is not to be switched on any more.
    OVER = "over"


def check_move(current: State, new: State) -> None:
    """Raises `IllegalMove` unless the table allows the move."""
    if new not in MOVES[current]:
        raise IllegalMove(f"{current} -> {new}")


def verdict(current: State, said: State) -> Verdict:
    """Answers come twice and out of order: what is done stays done."""
    if current is State.OVERTAKEN:
        return Verdict.OVER
    return Verdict.MOVES if said in MOVES[current] else Verdict.KNOWN


def is_late(asked_at: datetime, *, now: datetime) -> bool:
    return now - asked_at > LATE_AFTER
