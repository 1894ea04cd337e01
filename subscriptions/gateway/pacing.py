"""Keeping to the provider's rate: calls take turns, and one that was one too many waits for another (fault 11)."""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from subscriptions.gateway.port import RateLimited

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
# Longer than this nobody waits for a turn; the caller then treats it as what it is, a provider that did nothing (P7).
PATIENCE_SECONDS = 10.0
# Turns are given out for a fifth of a second at a time, so that they are spread over the second.
WINDOW_SECONDS = 0.2
# A process asks for a twentieth of a window's turns at least: at a high rate it then asks seldom. What it does not use
# is lost with the window.
PORTIONS = 20


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
    return _Turns(calls_per_second, clock=clock, sleep=sleep).wait


class _Turns:
    """Threads of one process queue up here, and the first asks the cache for all of them, and for some who may come."""

    def __init__(self, calls_per_second: float, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._window = max(WINDOW_SECONDS, 1 / calls_per_second)
        self._most = int(calls_per_second * self._window + 1e-9)
        self._clock, self._sleep = clock, sleep
        self._arriving, self._first = Lock(), Lock()
        # Threads in the queue; turns that are there, and the window in which they are.
        self._waiting = self._given = self._of = 0

    def wait(self) -> None:
        with self._arriving:
            self._waiting += 1
        with self._first:
            while not self._given or self._of != int(self._clock() / self._window):
                self._ask()
            self._given -= 1
            with self._arriving:
                self._waiting -= 1

    def _ask(self) -> None:
        """Turns of this window for as many as wait, or for fewer; if there are none left, until the next one."""
        at, wanted = self._clock(), max(self._waiting, self._most // PORTIONS)
        self._of = int(at / self._window)
        left = self._most - _taken(self._of, wanted, seconds=self._window)
        self._given = max(0, min(wanted, left))
        if not self._given:
            self._sleep(self._window - at % self._window)


def _taken(window: int, wanted: int, *, seconds: float) -> int:
    """How many turns of the window were taken before these; 0 where nobody counts."""
    from django.core.cache import cache

    key = f"provider-calls:{window}"
    try:
        try:
            return int(cache.incr(key, wanted)) - wanted
        except ValueError:
            # The first of its window; another may be first as well.
            cache.add(key, 0, timeout=int(seconds) + 10)
            return int(cache.incr(key, wanted)) - wanted
    except Exception:
        logger.warning("the cache does not count the provider's calls")
        return 0
