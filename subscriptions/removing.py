"""What removing a car brings besides the ends and refunds of its subscriptions (G6)."""

from dataclasses import dataclass
from datetime import datetime

from garage.actions.bookings import leaving_bookings
from garage.actions.drivers import places_taken
from garage.models import ControlTransfer, Membership
from portal.reach import sections_of
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
    mine = ControlTransfer.objects.open().filter(vehicle=membership.vehicle_id, giver=membership.account_id)
    return Removal(
        quote=quote,
        drivers=places_taken(membership.vehicle, now=now) if membership.is_active else 0,
        is_offered=mine.offers().exists(),
        is_asked_for=mine.requests().exists(),
        companies=_companies(membership) if membership.is_active else 0,
        bookings=leaving_bookings(membership, now=now).count(),
    )


def _companies(membership: Membership) -> int:
    sections = sections_of(membership.account, membership.vehicle)
    return sum(reacher.is_by_control for section in sections for reacher in section.reachers)
