"""When an event is told again, and when an endpoint is told nothing more (docs/webhooks.md). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# After each failure in turn; the last try is some three days after the first.
PAUSES = (
    *(timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 16, 24)),
)
DISABLED_AFTER = timedelta(days=7)
KEPT_FOR = timedelta(days=30)
# Both secrets sign while the receiver changes from one to the other.
OVERLAP = timedelta(days=2)
GONE = 410


class State(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    # Tried as often as it is tried by itself, or its endpoint was disabled: staff send it again.
    PARKED = "parked"


class Why(StrEnum):
    GONE = "gone"
    FAILED_FOR_A_WEEK = "failed_for_a_week"
    # The file names it no more.
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a delivery after a try, and of its endpoint."""

    state: State
    due_at: datetime | None = None
    failing_since: datetime | None = None
    disabled: Why | None = None


def is_taken(status: int | None) -> bool:
    """Any 2xx. A redirect is a failure: it is not followed, since it could lead anywhere."""
    return status is not None and 200 <= status < 300


def judge(*, status: int | None, attempts: int, failing_since: datetime | None, now: datetime) -> Verdict:
    """After try number `attempts` since it was last sent by hand; `status` None: no answer that could be read."""
    if is_taken(status):
        return Verdict(state=State.DELIVERED)
    since = failing_since or now
    if status == GONE:
        return Verdict(state=State.PARKED, failing_since=since, disabled=Why.GONE)
    if now - since >= DISABLED_AFTER:
        return Verdict(state=State.PARKED, failing_since=since, disabled=Why.FAILED_FOR_A_WEEK)
    pause = pause_after(attempts)
    if pause is None:
        return Verdict(state=State.PARKED, failing_since=since)
    return Verdict(state=State.WAITING, due_at=now + pause, failing_since=since)


def pause_after(attempts: int) -> timedelta | None:
    """Until the next try; None after the last."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def signing_generations(*, generation: int, rotated_at: datetime | None, now: datetime) -> tuple[int, ...]:
    """Of the secrets that sign now, the newest first: two for a time after a rotation."""
    if rotated_at is not None and now < rotated_at + OVERLAP:
        return (generation, generation - 1)
    return (generation,)
