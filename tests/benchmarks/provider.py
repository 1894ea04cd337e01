"""Payment providers for measuring: one that answers at once, one that is far away and counts calls beyond its rate.

They charge whatever they are asked for: what is measured is the portal. Both keep the keys that they have charged, so
that a charge made twice is seen.
"""

import time
from collections import Counter
from decimal import Decimal
from threading import Lock

from subscriptions.gateway.port import Charged, RateLimited
from subscriptions.gateway.sandbox.rate import Bucket


class InstantProvider:
    """That part of the port which collecting calls."""

    def __init__(self) -> None:
        self.charged: list[str] = []

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> Charged:
        # Safe from many threads.
        self.charged.append(key)
        return Charged(charge_ref=f"ch_{key}", amount=amount, currency=currency)

    def charged_twice(self) -> list[str]:
        return [key for key, times in Counter(self.charged).items() if times > 1]


class DistantProvider(InstantProvider):
    """Answers after `latency` seconds; takes at most `rate` calls a second and counts those it refused."""

    def __init__(self, latency: float, *, rate: float) -> None:
        super().__init__()
        self.refused = 0
        self._latency = latency
        self._bucket = Bucket(rate)
        self._lock = Lock()

    def charge(self, **order: object) -> Charged:
        wait = self._bucket.seconds_to_wait()
        if wait:
            with self._lock:
                self.refused += 1
            raise RateLimited("more calls than the provider takes", retry_after=wait)
        time.sleep(self._latency)
        return super().charge(**order)
