"""Which cards are taken, when they expire, and which can be removed (W1, W5, W6)."""

import calendar
from collections.abc import Collection
from datetime import date


def is_accepted(*, brand: str, funding: str, brands: Collection[str], fundings: Collection[str]) -> bool:
    """W1: brands and funding are a market's setting; a card whose funding the provider does not know is taken."""
    return brand in brands and (funding in fundings or funding == "unknown")


def last_valid_day(*, exp_year: int, exp_month: int) -> date:
    """A card is good to the end of its expiry month."""
    return date(exp_year, exp_month, calendar.monthrange(exp_year, exp_month)[1])


def is_expired(*, exp_year: int, exp_month: int, today: date) -> bool:
    return today > last_valid_day(exp_year=exp_year, exp_month=exp_month)


def may_remove(*, cards_left: int, has_charging_subscription: bool) -> bool:
    """W5: any time, except the last one while a paid subscription, trial included, would still charge it."""
    return cards_left > 0 or not has_charging_subscription
