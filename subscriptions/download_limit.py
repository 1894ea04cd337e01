"""How many ZIPs an account is sent in an hour: each is work for one process as long as it lasts.

Counted as `garage/lookups.py` does, in the cache that all processes share.
"""

from datetime import datetime

from django.core.cache import cache

MOST_AN_HOUR = 20
_WINDOW = 3600


def take_turn(*, account_id: int, now: datetime) -> bool:
    """Uses up one ZIP of this hour; False if none is left."""
    key = f"document-zips:{account_id}:{int(now.timestamp()) // _WINDOW}"
    cache.add(key, 0, timeout=_WINDOW)
    return int(cache.incr(key)) <= MOST_AN_HOUR
