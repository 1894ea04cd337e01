"""Which cars have their standard services (C3), for the checklist of a delivery."""

from collections.abc import Collection, Sequence
from datetime import datetime

from garage.models import Membership
from subscriptions.centre.packages import missing_of, packages_of


def has_standard(links: Sequence[Membership], now: datetime) -> Collection[int]:
    """Ids of the active links whose car can have a standard package. A fixed number of queries for each market."""
    active = [link for link in links if link.is_active]
    found = set()
    for market in {link.account.market for link in active}:
        standard = [package for package in packages_of(market) if package.is_standard]
        here = [link for link in active if link.account.market_id == market.pk]
        found |= {link.pk for link in here if any(not missing_of(one, link.vehicle, market=market) for one in standard)}
    return found
