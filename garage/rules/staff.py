"""Who works at a dealer's desk: invited for seven days, and never without somebody who may invite (K1)."""

from datetime import datetime, timedelta

TO_ACCEPT = timedelta(days=7)
INVITATIONS_A_DAY = 20


def may_still_accept(*, invited_at: datetime, now: datetime) -> bool:
    return now < invited_at + TO_ACCEPT


def may_end(*, is_oneself: bool, is_manager: bool, other_managers: int) -> bool:
    """The last who may invite does not end himself: nobody else at the dealer could give the right back."""
    return not (is_oneself and is_manager and other_managers == 0)
