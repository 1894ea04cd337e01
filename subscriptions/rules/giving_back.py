"""What staff give back of a charge: how much, by how many persons, and for how long a proposal is good (K3)."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.money import cents

PROPOSAL_DAYS = 7


class Kind(StrEnum):
    """Why it is given back; its name is the basis of the refund."""

    WRONG_CHARGE = "wrong_charge"
    # S3: the free month was not given though it was due.
    MISSED_MONTH = "missed_month"


def within_what_was_paid(*, amount: Decimal, paid: Decimal, refunded: Decimal) -> bool:
    """Never above what was paid less what was refunded already, whoever did; and never nothing."""
    return Decimal(0) < amount <= paid - refunded


def needs_two(*, amount: Decimal, given_before: Decimal, alone_up_to: Decimal) -> bool:
    """Above the market's limit two persons; counted over the payment, so that no refund is cut into small ones."""
    return given_before + amount > alone_up_to


def missed_month(*, paid: Decimal, term_months: int) -> Decimal:
    """The first month of a period: a monthly charge whole, else its share of the term, half a cent rounded up."""
    return cents(paid / term_months)


def expires_at(proposed_at: datetime) -> datetime:
    return proposed_at + timedelta(days=PROPOSAL_DAYS)
