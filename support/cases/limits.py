"""How many messages are taken in an hour: nobody's letter box is flooded, and no shelf filled (H5)."""

from datetime import datetime

from accounts.models import Account
from portal.hourly_limit import network_of, take_turn
from support.models import Case

MOST_OF_AN_ACCOUNT = 10
MOST_FROM_ONE_ADDRESS = 10
MOST_FOR_ONE_MAILBOX = 3
MOST_REPLIES = 20


def may_open(account: Account, *, now: datetime) -> bool:
    return take_turn("cases-account", str(account.pk), most=MOST_OF_AN_ACCOUNT, now=now)


def may_leave(*, address: str, email: str, now: datetime) -> bool:
    """Both counts are always moved, so that neither answer nor time tells which is used up."""
    from_address = take_turn("cases-address", network_of(address), most=MOST_FROM_ONE_ADDRESS, now=now)
    for_mailbox = take_turn("cases-mailbox", email.lower(), most=MOST_FOR_ONE_MAILBOX, now=now)
    return from_address and for_mailbox


def may_reply(case: Case, *, now: datetime) -> bool:
    return take_turn("case-replies", str(case.pk), most=MOST_REPLIES, now=now)
