"""Keeping to the provider's rate: calls take turns, and one that was one too many waits for another (fault 11)."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from subscriptions.gateway.port import RateLimited

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
# Longer than this nobody waits for a turn; the caller then treats it as what it is, a provider that did nothing (P7).
PATIENCE_SECONDS = 10.0
# Turns are given out for a fifth of a second at a time, so that they are spread over the second.
WINDOW_SECONDS = 0.2


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


def shared_turns(
    calls_per_second: float, *, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
) -> Callable[[], None]:
    """A function that returns when it is the caller's turn; all processes that share the cache share the turns.

    Without the cache everybody goes ahead: then the provider's own limit holds (`in_turn`).
    """
    window = max(WINDOW_SECONDS, 1 / calls_per_second)
    most = int(calls_per_second * window + 1e-9)

    def wait() -> None:
        while True:
            at = clock()
            if _taken(int(at / window), seconds=window) <= most:
                return
            sleep(window - at % window)

    return wait


def _taken(window: int, *, seconds: float) -> int:
    """Which turn of the window this is, from 1 on; 0 where nobody counts."""
    from django.core.cache import cache

    key = f"provider-calls:{window}"
    try:
        try:
            return int(cache.incr(key))
        except ValueError:
            # The first of its window; another may be first as well.
            cache.add(key, 0, timeout=int(seconds) + 10)
            return int(cache.incr(key))
    except Exception:
        logger.warning("the cache does not count the provider's calls")
        return 0
