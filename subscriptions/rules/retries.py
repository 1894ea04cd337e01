"""What follows a charge that failed (P2): three tries on three days, then the end."""

from dataclasses import dataclass
from datetime import date, timedelta

MOST_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class TryAgain:
    on: date


@dataclass(frozen=True)
class GiveUp:
    """The last try has failed: the subscription ends that day."""


def after_failed_try(*, tries_used: int, tried_on: date) -> TryAgain | GiveUp:
    """`tries_used` includes the one that has just failed. The next is due on the calendar day after it (P2)."""
    if tries_used >= MOST_TRIES:
        return GiveUp()
    return TryAgain(on=tried_on + timedelta(days=1))
