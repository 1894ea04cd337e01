"""How many calls the provider takes: a bucket of tokens that fills by itself. It is the process's, not the state's."""

import time
from collections.abc import Callable
from threading import Lock


class Bucket:
    """Takes `rate` calls a second, and as many at once after a quiet second; safe for many threads."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._most = max(rate, 1.0)
        self._tokens = self._most
        self._filled_at = clock()
        self._lock = Lock()

    def seconds_to_wait(self) -> float:
        """0.0, and a token is taken; or in how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._most, self._tokens + (now - self._filled_at) * self._rate)
            self._filled_at = now
            if self._tokens < 1:
                return (1 - self._tokens) / self._rate
            self._tokens -= 1
            return 0.0
