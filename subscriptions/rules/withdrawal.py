"""The 14-day right of withdrawal (X5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from subscriptions.rules.cancellation import Consequence, refund_in_all

WITHDRAWAL_DAYS = 14


class Barrier(StrEnum):
    OVER = "withdrawal_over"
    USED = "withdrawal_used"


@dataclass(frozen=True, kw_only=True)
class WithdrawalQuote:
    """Services end on the day itself; `refund` is gross, what was refunded before is deducted."""

    ends_on: date
    refund: Decimal
    # What becomes of its add-ons: they end with it, at once (S12).
    add_ons: tuple[Consequence, ...] = ()

    @property
    def refund_of_add_ons(self) -> Decimal:
        return refund_in_all(self.add_ons)


def last_withdrawal_day(activated_on: date) -> date:
    """The activation day is not counted; the fourteenth day is included, to its end in the market's time zone."""
    return activated_on + timedelta(days=WITHDRAWAL_DAYS)


def quote_withdrawal(
    *, activated_on: date, has_used_right: bool, paid: Decimal, refunded: Decimal, today: date
) -> WithdrawalQuote | Barrier:
    """What withdrawing today would bring. In a trial nothing is paid, so nothing is refunded and no right used up.

    `has_used_right` says whether the account has withdrawn with a refund before (once per account).
    """
    if today > last_withdrawal_day(activated_on):
        return Barrier.OVER
    refund = paid - refunded
    if refund > 0 and has_used_right:
        return Barrier.USED
    return WithdrawalQuote(ends_on=today, refund=refund)
