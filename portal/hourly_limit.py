"""How often something may be asked for in an hour: nobody's letter box is flooded, and nothing is found by trying.

Counted in the cache that all processes share, in windows of an hour. Without the cache it fails: that is no yes.
"""

import hashlib
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache

_WINDOW = 3600


def take_turn(what: str, value: str, *, most: int, now: datetime) -> bool:
    """Uses up one turn of this hour for `value`; False if none of the `most` is left."""
    # Hashed: what was typed may hold anything, and a cache keeps no personal data in its keys.
    digest = hashlib.sha256(value.encode()).hexdigest()
    key = f"turns:{what}:{digest}:{int(now.timestamp()) // _WINDOW}"
    cache.add(key, 0, timeout=_WINDOW)
    return int(cache.incr(key)) <= most


def seconds_left(now: datetime) -> int:
    """Until the next hour begins, and every count with it."""
    return _WINDOW - int(now.timestamp()) % _WINDOW


def network_of(address: str) -> str:
    """What one line can call from: an IPv4 address, or all the addresses under its 64 bits of IPv6."""
    try:
        given = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{given}/64", strict=False)) if isinstance(given, IPv6Address) else address
