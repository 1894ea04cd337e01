"""What removing a car brings besides the ends and refunds of its subscriptions (G6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists

from garage.actions.bookings import leaving_bookings
from garage.actions.drivers import taking_places
from garage.data.access import grants_of
from garage.models import ControlTransfer, Membership
from portal.querying.counting import number_of
from subscriptions.rules.leaving import RemovalQuote


@dataclass(frozen=True, kw_only=True)
class Removal:
    """All that is shown, and sealed, before the car is removed (X10)."""

    quote: RemovalQuote
    # Driving or invited: they end with the control of whoever invited them (G12).
    drivers: int
    is_offered: bool
    # Then control goes to whoever has asked for it, at once (V4).
    is_asked_for: bool
    # That read the car's data: their grants end with control (D3).
    companies: int = 0
    # At a dealer, and not begun: they are cancelled.
    bookings: int = 0


def removal_of(membership: Membership, quote: RemovalQuote, *, now: datetime) -> Removal:
    """One query."""
    mine = ControlTransfer.objects.open().filter(vehicle=membership.vehicle_id, giver=membership.account_id)
    beside = Membership.objects.values(
        drivers=number_of(taking_places(membership.vehicle, now=now), same="vehicle"),
        is_offered=Exists(mine.offers()),
        is_asked_for=Exists(mine.requests()),
        companies=number_of(grants_of(membership.account, membership.vehicle).running(), same="vehicle"),
        bookings=number_of(leaving_bookings(membership, now=now), same="vehicle"),
    ).get(pk=membership.pk)
    if not membership.is_active:
        # They end with somebody else's control.
        beside |= {"drivers": 0, "companies": 0}
    return Removal(quote=quote, **beside)
