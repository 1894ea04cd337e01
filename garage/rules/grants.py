"""Third parties that read data of a car by its owner's leave: how long at most, and how it ends (D3)."""

from datetime import date
from enum import StrEnum

MOST_MONTHS = 12


class Why(StrEnum):
    """Why a grant has ended."""

    OWNER = "owner"
    OVER = "over"
    # Another account has control, or nobody.
    CONTROL = "control"
    # The car has left the garage, by itself or with the account.
    REMOVED = "removed"


def longest_end(today: date) -> date:
    """The last day that may be chosen: the same day of the next year, or the last of February."""
    day = min(today.day, 28) if today.month == 2 else today.day
    return today.replace(year=today.year + 1, day=day)


def may_end_on(day: date, *, today: date) -> bool:
    """From today on, and within twelve months: nobody is read for ever because they forgot."""
    return today <= day <= longest_end(today)


def is_over(*, ends_on: date, today: date) -> bool:
    """The last day counts whole."""
    return today > ends_on
