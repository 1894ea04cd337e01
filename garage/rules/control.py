"""Control of a car changes hands: its two ways, their states, and how long each waits (V4)."""

from datetime import datetime, timedelta
from enum import StrEnum

WARNED_BEFORE = timedelta(days=1)
# Begun within 24 hours: offers by one account, requests by one account for one car. Each mails somebody.
MOST_OFFERS_A_DAY = 5
MOST_REQUESTS_A_DAY = 3
# Offers to one address, by all accounts.
MOST_OFFERS_TO_AN_ADDRESS = 3
A_DAY = timedelta(days=1)


class Way(StrEnum):
    # The active account hands control over; the other one takes it.
    OFFER = "offer"
    # Another linked account that proved access asks for it; the active one may consent or object.
    REQUEST = "request"


class State(StrEnum):
    WAITING = "waiting"
    # The taker has said yes, and what would end is not what the giver confirmed: the giver is asked again (X10).
    TO_CONFIRM = "to_confirm"
    # The active account objects: dealer or customer centre decide.
    OBJECTED = "objected"
    MOVED = "moved"
    # By whoever began it.
    CALLED_OFF = "called_off"
    # By whoever was asked, or by staff.
    DECLINED = "declined"
    EXPIRED = "expired"
    # Control has gone another way meanwhile, or one of the two has left the car.
    OVERTAKEN = "overtaken"


OPEN = frozenset({State.WAITING, State.TO_CONFIRM, State.OBJECTED})
_ENDS = frozenset({State.MOVED, State.CALLED_OFF, State.DECLINED, State.OVERTAKEN})

MOVES: dict[Way, dict[State, frozenset[State]]] = {
    Way.OFFER: {
        State.WAITING: _ENDS | {State.TO_CONFIRM, State.EXPIRED},
        State.TO_CONFIRM: _ENDS | {State.EXPIRED},
    },
    # A request does not expire: unanswered it moves, objected to it waits for staff.
    Way.REQUEST: {
        State.WAITING: _ENDS | {State.OBJECTED},
        State.OBJECTED: _ENDS,
    },
}


class IllegalMove(Exception):
    """The table does not allow this move: a programming error, never a customer's."""


def check_move(way: Way, current: State, new: State) -> None:
    """Raises `IllegalMove` unless the table allows the move."""
    if new not in MOVES[way].get(current, frozenset()):
        raise IllegalMove(f"{way}: {current} -> {new}")


def due_at(*, begun_at: datetime, days: int) -> datetime:
    """V4: the moment at which an offer expires, or an unanswered request moves: so many times 24 hours later."""
    return begun_at + timedelta(days=days)


def may_offer(*, from_account: int, to_address: int) -> bool:
    """Whether one more offer may leave after those of the last 24 hours."""
    return from_account < MOST_OFFERS_A_DAY and to_address < MOST_OFFERS_TO_AN_ADDRESS


def is_over(*, due_at: datetime, now: datetime) -> bool:
    return now >= due_at


def is_to_warn(*, due_at: datetime, now: datetime) -> bool:
    """Told one day before it moves by itself, late rather than never, and not once it is due."""
    return due_at - WARNED_BEFORE <= now < due_at


def moves_at_once(*, runs_paid: bool) -> bool:
    """V4: where the active account has neither a paid plan nor a trial on the car, a request is no question.

    One that was cancelled and still runs out counts; free years do not.
    """
    return not runs_paid
