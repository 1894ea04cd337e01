"""When a wrong name or address on an invoice may be mended, and over which amount (I4)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Of one payment, by its customer; the customer centre is not bound by it.
MOST_BY_CUSTOMER = 3


class Obstacle(StrEnum):
    """Why it may not be; nothing where it may."""

    NONE = ""
    CREDIT_NOTE = "credit_note"
    REPLACED = "replaced"
    TIME_OVER = "time_over"
    CREDITED = "credited"
    SAME_BUYER = "same_buyer"
    OTHER_COUNTRY = "other_country"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, kw_only=True)
class Case:
    """`is_kept`: the law still has the buyer kept. `open_amount`: what no credit note has given back.

    `times`: how often the customer has had the invoice of this payment corrected; None where staff ask.
    """

    is_invoice: bool
    is_replaced: bool
    is_kept: bool
    open_amount: Decimal
    is_same_buyer: bool
    is_same_country: bool
    times: int | None


def open_amount(*, gross: Decimal, credited: Decimal) -> Decimal:
    """What the credit note of a correction is over, and the new invoice: all that has not been credited before."""
    return gross - credited


def obstacle(case: Case) -> Obstacle:
    """The weightiest reason against it.

    Another country would be another VAT, which is no matter of a name: the contract's rate was agreed (S10).
    """
    against = {
        Obstacle.CREDIT_NOTE: not case.is_invoice,
        Obstacle.REPLACED: case.is_replaced,
        Obstacle.TIME_OVER: not case.is_kept,
        Obstacle.CREDITED: case.open_amount <= 0,
        Obstacle.SAME_BUYER: case.is_same_buyer,
        Obstacle.OTHER_COUNTRY: not case.is_same_country,
        Obstacle.TOO_OFTEN: case.times is not None and case.times >= MOST_BY_CUSTOMER,
    }
    return next((reason for reason, holds in against.items() if holds), Obstacle.NONE)
