"""How many statements of withdrawal are taken in an hour without signing in: nobody's letter box is flooded (X9).

Counted as `garage/lookups.py` does, in the cache that all processes share. Both counts are always moved, known
contract or not, so that neither answer nor time tells which it is.
"""

import hashlib
from datetime import datetime

from django.core.cache import cache

MOST_FROM_ONE_ADDRESS = 20
MOST_FOR_ONE_CONTRACT = 5
_WINDOW = 3600


def take_turn(*, address: str, contract_number: str, now: datetime) -> bool:
    """Uses up one statement of this hour; False if none is left for this network address or this contract number."""
    from_address, for_contract = _count("address", address, now), _count("contract", contract_number, now)
    return from_address <= MOST_FROM_ONE_ADDRESS and for_contract <= MOST_FOR_ONE_CONTRACT


def _count(what: str, value: str, now: datetime) -> int:
    # Hashed: what was typed may hold anything, and a cache keeps no personal data in its keys.
    digest = hashlib.sha256(value.encode()).hexdigest()
    key = f"withdrawal-statements:{what}:{digest}:{int(now.timestamp()) // _WINDOW}"
    cache.add(key, 0, timeout=_WINDOW)
    return int(cache.incr(key))
