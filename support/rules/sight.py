"""For how long the customer centre may see trips of a car, and when it may not any more (K1, D4)."""

from datetime import datetime, timedelta

# What the customer may choose, in hours.
SPANS = (24, 72, 168)
LONGEST = timedelta(hours=max(SPANS))


def holds(*, until: datetime, withdrawn_at: datetime | None, is_case_closed: bool, now: datetime) -> bool:
    """By itself it ends with its time, and with the case; a case that is opened again needs it to be given anew."""
    return withdrawn_at is None and now < until and not is_case_closed
