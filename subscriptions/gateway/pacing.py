"""Keeping to the provider's rate: a call that was one too many waits for its turn (fault 11)."""

import time
from collections.abc import Callable
from typing import TypeVar

from subscriptions.gateway.port import RateLimited

Answer = TypeVar("Answer")
# Longer than this nobody waits for a turn; the caller then treats it as what it is, a provider that did nothing (P7).
PATIENCE_SECONDS = 10.0


def in_turn(
    call: Callable[[], Answer], *, patience: float = PATIENCE_SECONDS, sleep: Callable[[float], None] = time.sleep
) -> Answer:
    """The call's answer, asked again as often as the provider's limit wants it within `patience` seconds.

    Safe for calls that move money: a limited call did nothing, and each carries its key. Raises `RateLimited` at last.
    """
    waited = 0.0
    while True:
        try:
            return call()
        except RateLimited as limited:
            if waited + limited.retry_after > patience:
                raise
            sleep(limited.retry_after)
            waited += max(limited.retry_after, 0.01)
