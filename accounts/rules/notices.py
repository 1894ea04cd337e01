"""Which notices go where, what of it a customer chooses, and how long they are kept (N1, N2)."""

import calendar
from datetime import date

# Importance (N1): contractual ones cannot be switched off, optional ones are opted into.
CONTRACTUAL, SERVICE, OPTIONAL = "contractual", "service", "optional"
# Mailed; kept in the portal; pulled by the app and by the car's screen over the API.
EMAIL, INBOX, APP, HEAD_UNIT = "email", "inbox", "app", "head_unit"
CHANNELS = (EMAIL, INBOX, APP, HEAD_UNIT)


def is_wanted_unasked(importance: str) -> bool:
    """N1: what is told of somebody who has chosen nothing."""
    return importance != OPTIONAL


def may_choose(importance: str, channel: str) -> bool:
    """N1: contractual mail is always sent, and what is told unasked stands in the inbox; all else is chosen."""
    if channel == EMAIL:
        return importance != CONTRACTUAL
    return channel != INBOX or importance == OPTIONAL


def kept_from(*, today: date, months: int) -> date:
    """N2: the first day whose notices are still kept; where the month has no such day, its last one."""
    years, month = divmod(today.month - 1 - months, 12)
    year, month = today.year + years, month + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
