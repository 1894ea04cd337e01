"""Whose number it is where a rule says "a market's number" of a car: that of the car's own market (V1, V2, V4)."""

from garage.models import Membership
from portal.models import Market


def market_of_car(membership: Membership) -> Market:
    """The car's: who asks for it from another country changes neither tolerance nor cap nor waiting time.

    That of the link's account where the portal serves no market of the car's.
    """
    return Market.objects.filter(code=membership.vehicle.market_code).first() or membership.account.market
