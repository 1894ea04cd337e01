"""Payment providers for measuring: one that answers at once, one that is far away and counts calls beyond its rate.

They keep no state and charge whatever they are asked for: what is measured is the portal. Both count the keys they were
asked to charge, so that a charge asked for twice is seen.
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
        self.asked: Counter[str] = Counter()

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> Charged:
        self.asked[key] += 1
        return Charged(charge_ref=f"ch_{key}", amount=amount, currency=currency)


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
        with self._lock:
            return super().charge(**order)
