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


def may_pay_now(*, is_past_due: bool, is_refused: bool, failed_last: bool, is_to_confirm: bool) -> bool:
    """P2, P8: whether the primary card may be charged at once, between the tries.

    Another card than the one that failed last, and none that the networks forbid; or the one that the bank wants the
    customer to confirm, who is now here.
    """
    return is_past_due and not is_refused and (is_to_confirm or not failed_last)


def after_failed_try(*, tries_used: int, tried_on: date) -> TryAgain | GiveUp:
    """`tries_used` includes the one that has just failed. The next is due on the calendar day after it (P2)."""
    if tries_used >= MOST_TRIES:
        return GiveUp()
    return TryAgain(on=tried_on + timedelta(days=1))
