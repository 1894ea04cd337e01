"""Copies of documents to others (I5): at most three addresses, each confirmed by its reader within seven days."""

from collections.abc import Collection
from datetime import datetime, timedelta

SLOTS = (1, 2, 3)
TO_CONFIRM = timedelta(days=7)


def free_slot(taken: Collection[int]) -> int | None:
    """The first of the three places that nobody has; None where all are taken."""
    return next((slot for slot in SLOTS if slot not in taken), None)


def may_still_confirm(*, asked_at: datetime, now: datetime) -> bool:
    """Whether the link that was sent then still confirms."""
    return now < asked_at + TO_CONFIRM
