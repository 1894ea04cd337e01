"""How often may be called: an account in a minute, and a client (the app, the head unit) as a whole.

Counted in the cache that all processes share, in one step each, so that calls at the same moment are counted too.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW = 60


class FairShare(BaseThrottle):
    """The account's count comes first: what it has too much is not taken from the others of its client."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return True
        return _is_within(f"account:{request.user.pk}", settings.API_CALLS_OF_ACCOUNT) and _is_within(
            f"client:{request.auth.client_id}", settings.API_CALLS_OF_CLIENT
        )

    def wait(self) -> float:
        """Seconds until the next minute begins, at least one."""
        return max(1.0, WINDOW - time.time() % WINDOW)


class MachineShare(FairShare):
    """A machine's calls count for its client alone: there is no account."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return request.auth is None or _is_within(f"client:{request.auth.client_id}", settings.API_CALLS_OF_CLIENT)


def _is_within(whose: str, most: int) -> bool:
    key = f"api-calls:{whose}:{int(time.time()) // WINDOW}"
    cache.add(key, 0, timeout=2 * WINDOW)
    return int(cache.incr(key)) <= most
