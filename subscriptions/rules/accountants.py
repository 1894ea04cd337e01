"""An accountant's invitation (I5): it is good for seven days, and an owner has at most ten accountants at a time."""

from datetime import datetime, timedelta

TO_ACCEPT = timedelta(days=7)
MOST = 10


def may_still_accept(*, invited_at: datetime, now: datetime) -> bool:
    """Whether the invitation that was sent then can still be accepted."""
    return now < invited_at + TO_ACCEPT


def has_room(count: int) -> bool:
    """Whether one more may be invited beside those that are invited or reading."""
    return count < MOST
