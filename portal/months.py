"""Month arithmetic (product rules, "Words"): counted from an anchor, never from the month before."""

import calendar
from datetime import date


def add_months(anchor: date, months: int) -> date:
    """`anchor` + n calendar months, pulled back once to the month's last day where that day does not exist."""
    years, month = divmod(anchor.month - 1 + months, 12)
    year, month = anchor.year + years, month + 1
    return date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))
