"""How a case moves between customer and customer centre, and until when an answer is due (H5)."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from accounts.rules.hours import LOOK_AHEAD_DAYS, Timetable

# An unconfirmed message is kept as long as its link is good.
DAYS_TO_CONFIRM = 3


class CaseState(StrEnum):
    NEW = "new"
    WAITING_US = "waiting_us"
    WAITING_CUSTOMER = "waiting_customer"
    CLOSED = "closed"


# It is the customer centre's turn.
WAITING = (CaseState.NEW, CaseState.WAITING_US)

# What happens to a case -> from which states -> where it then stands.
MOVES: dict[str, dict[CaseState, CaseState]] = {
    "take": {
        CaseState.NEW: CaseState.WAITING_US,
        CaseState.WAITING_US: CaseState.WAITING_US,
        CaseState.WAITING_CUSTOMER: CaseState.WAITING_CUSTOMER,
    },
    "answer": {
        CaseState.NEW: CaseState.WAITING_CUSTOMER,
        CaseState.WAITING_US: CaseState.WAITING_CUSTOMER,
        CaseState.WAITING_CUSTOMER: CaseState.WAITING_CUSTOMER,
    },
    # The customer's own: it opens a closed case again.
    "reply": {
        CaseState.NEW: CaseState.NEW,
        CaseState.WAITING_US: CaseState.WAITING_US,
        CaseState.WAITING_CUSTOMER: CaseState.WAITING_US,
        CaseState.CLOSED: CaseState.WAITING_US,
    },
    "close": {
        CaseState.NEW: CaseState.CLOSED,
        CaseState.WAITING_US: CaseState.CLOSED,
        CaseState.WAITING_CUSTOMER: CaseState.CLOSED,
    },
}


def moved(state: str, move: str) -> CaseState | None:
    """Where a case stands after the move; None where it cannot be made."""
    return MOVES[move].get(CaseState(state))


def due_at(written_at: datetime, *, days: int, timetable: Timetable) -> datetime:
    """The end of the `days`-th day of opening after the day of writing, by the market's clock.

    `written_at` is in the market's zone. Where no hours are known, every day counts to its end.
    """
    day, left = written_at.date(), days
    for ahead in range(1, LOOK_AHEAD_DAYS + days):
        day = written_at.date() + timedelta(days=ahead)
        left -= bool(timetable.spans_on(day)) or not timetable.openings
        if left <= 0:
            break
    closes = max((closes for _opens, closes in timetable.spans_on(day)), default=time(23, 59))
    return datetime.combine(day, closes, tzinfo=written_at.tzinfo)
