"""How many cars anybody may look up in an hour without being known (G7): VINs are not found by trying.

Pages and API count together, known cars and unknown ones alike; a VIN that is malformed asks nothing and costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.hourly_limit import network_of, take_turn

# Behind one address there may be a whole dealership, or everybody on one mobile network.
MOST_FROM_AN_ADDRESS = 120
MOST_OF_AN_ACCOUNT = 60


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Where it is asked from, and by whom where somebody is signed in."""

    address: str
    account_id: int | None = None


def take_match(caller: Caller, *, now: datetime) -> bool:
    """Uses up one look-up of this hour; False if none is left for the network address or the account."""
    # Both counts are moved, whatever the first says.
    from_address = take_turn("match-address", network_of(caller.address), most=MOST_FROM_AN_ADDRESS, now=now)
    if caller.account_id is None:
        return from_address
    of_account = take_turn("match-account", str(caller.account_id), most=MOST_OF_AN_ACCOUNT, now=now)
    return from_address and of_account
