"""Drivers of a car: how long an invitation is good for, how many there may be, and until when one drives (G12)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TO_ACCEPT = timedelta(days=7)
# Of one car, invited or driving.
MOST_OF_A_CAR = 10
# Invitations within 24 hours: from one account, and to one address from all accounts.
MOST_FROM_AN_ACCOUNT = 10
MOST_TO_AN_ADDRESS = 3


def may_still_accept(*, invited_at: datetime, now: datetime) -> bool:
    """Seven days, the last moment excluded."""
    return now < invited_at + TO_ACCEPT


def has_room(count: int) -> bool:
    """Whether one more may be invited beside those that are invited or drive."""
    return count < MOST_OF_A_CAR


def may_invite(*, from_account: int, to_address: int) -> bool:
    """Whether one more invitation may leave after those of the last 24 hours."""
    return from_account < MOST_FROM_AN_ACCOUNT and to_address < MOST_TO_AN_ADDRESS


def ends_at(last_on: date | None, zone: ZoneInfo) -> datetime | None:
    """The moment at which a driver's last day is over, by the market's clock; None: not limited."""
    return datetime.combine(last_on + timedelta(days=1), time(), tzinfo=zone) if last_on else None
