"""Not waiting again and again for a provider that does not answer (fault 13)."""

import time
from collections.abc import Callable
from threading import Lock

SILENCES = 5
PAUSE_SECONDS = 30.0


class NotAsked(Exception):
    """The circuit is open: the call was never sent."""


class Circuit:
    """Opens after `SILENCES` calls in a row without an answer; then one call in `PAUSE_SECONDS` finds out whether the
    provider is back, and all others are spared. It is the process's own, and safe for many threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._silences = 0
        self._closed_until = 0.0
        self._lock = Lock()

    def lets_through(self) -> bool:
        with self._lock:
            now = self._clock()
            if self._silences < SILENCES:
                return True
            if now < self._closed_until:
                return False
            self._closed_until = now + PAUSE_SECONDS
            return True

    def answered(self) -> None:
        with self._lock:
            self._silences = 0

    def was_silent(self) -> None:
        with self._lock:
            self._silences += 1
            if self._silences == SILENCES:
                self._closed_until = self._clock() + PAUSE_SECONDS
