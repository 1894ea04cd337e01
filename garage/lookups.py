"""How many cars that nobody knows an account may ask for: a VIN must not be found by trying (ASVS 2.4.1).

Counted in the cache that all processes share, in windows of an hour. Without the cache nothing is looked up: the
limit fails closed. (allauth's limiter would need a setting per action, and reads and writes its count in two steps.)
"""

from datetime import datetime

from django.core.cache import cache

from portal.hourly_limit import network_of, take_turn

MOST_UNKNOWN_AN_HOUR = 30
MOST_CODES_OF_AN_ACCOUNT = 10
# Behind one address there may be a whole dealership.
MOST_CODES_FROM_AN_ADDRESS = 60
MOST_PHOTOS_OF_AN_ACCOUNT = 30
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


def take_code_try(*, account_id: int, address: str, now: datetime) -> bool:
    """Uses up one try of a pairing code; False if none is left for the account or the network address."""
    # Both counts are moved, whatever the first says.
    of_account = take_turn("pairing-account", str(account_id), most=MOST_CODES_OF_AN_ACCOUNT, now=now)
    from_address = take_turn("pairing-address", network_of(address), most=MOST_CODES_FROM_AN_ADDRESS, now=now)
    return of_account and from_address


def take_transfer_try(*, account_id: int, address: str, now: datetime) -> bool:
    """The same of a transfer code (L1), counted by itself."""
    of_account = take_turn("transfer-account", str(account_id), most=MOST_CODES_OF_AN_ACCOUNT, now=now)
    from_address = take_turn("transfer-address", network_of(address), most=MOST_CODES_FROM_AN_ADDRESS, now=now)
    return of_account and from_address


def take_photo(*, account_id: int, now: datetime) -> bool:
    """Uses up one photo to read: reading one keeps the processor busy for a while."""
    return take_turn("car-photos", str(account_id), most=MOST_PHOTOS_OF_AN_ACCOUNT, now=now)
