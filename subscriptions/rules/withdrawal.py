"""The 14-day right of withdrawal (X5)."""

from datetime import date, timedelta

WITHDRAWAL_DAYS = 14


def last_withdrawal_day(activated_on: date) -> date:
    """The activation day is not counted; the fourteenth day is included, to its end in the market's time zone."""
    return activated_on + timedelta(days=WITHDRAWAL_DAYS)


def is_within_withdrawal(*, activated_on: date, today: date) -> bool:
    return activated_on <= today <= last_withdrawal_day(activated_on)
