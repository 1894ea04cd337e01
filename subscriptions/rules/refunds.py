"""What is paid back of a yearly or four-yearly period: whole months left of whole months (X4)."""

from datetime import date
from decimal import Decimal

from portal.money import cents
from subscriptions.rules.periods import add_months

NOTHING = Decimal("0.00")


def months_used(*, activated_on: date, months_before: int, cancelled_on: date) -> int:
    """The smallest k for which the period's start + k months is not before the day of cancelling (X4).

    The period starts `months_before` months after activation, and its months are counted from activation too.
    """
    used = 0
    while add_months(activated_on, months_before + used) < cancelled_on:
        used += 1
    return used


def pro_rata_refund(*, paid: Decimal, term_months: int, used: int) -> Decimal:
    """Gross paid x months left / months of the term, half a cent rounded up; never below nothing."""
    left = max(term_months - used, 0)
    return cents(paid * left / term_months)
