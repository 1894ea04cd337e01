"""What becomes of a booking at a dealer: its states, and which of them hold a bay (G8)."""

from enum import StrEnum


class State(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"
    # By the customer.
    CANCELLED = "cancelled"
    # By the dealer, with a reason.
    REFUSED = "refused"


# What has taken time of a bay, or will.
HOLDING = frozenset({State.BOOKED, State.ARRIVED, State.DONE})

MOVES: dict[State, frozenset[State]] = {
    State.BOOKED: frozenset({State.ARRIVED, State.CANCELLED, State.REFUSED}),
    State.ARRIVED: frozenset({State.DONE}),
}


class IllegalMove(Exception):
    """The table does not allow this move."""


def may_move(current: State, new: State) -> bool:
    return new in MOVES.get(current, frozenset())


def check_move(current: State, new: State) -> None:
    """Raises `IllegalMove` unless the table allows the move."""
    if not may_move(current, new):
        raise IllegalMove(f"{current} -> {new}")
