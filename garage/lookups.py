"""How many cars that nobody knows an account may ask for: a VIN must not be found by trying (ASVS 2.4.1).

Counted in the cache that all processes share, in windows of an hour. Without the cache nothing is looked up: the
limit fails closed. (allauth's limiter would need a setting per action, and reads and writes its count in two steps.)
"""

from datetime import datetime

from django.core.cache import cache

MOST_UNKNOWN_AN_HOUR = 30
_WINDOW = 3600


def take_lookup(*, account_id: int, now: datetime) -> bool:
    """Uses up one look-up of this hour before it is made; False if none is left."""
    key = _key(account_id, now)
    cache.add(key, 0, timeout=_WINDOW)
    return cache.incr(key) <= MOST_UNKNOWN_AN_HOUR


def give_back_lookup(*, account_id: int, now: datetime) -> None:
    """The car was known: that look-up does not count."""
    key = _key(account_id, now)
    if cache.get(key):
        cache.decr(key)


def _key(account_id: int, now: datetime) -> str:
    return f"garage-lookups:{account_id}:{int(now.timestamp()) // _WINDOW}"
