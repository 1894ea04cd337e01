"""The provider says that it took another sum than it was asked for: not booked, not charged again, and work at once."""

import logging
from datetime import datetime

from subscriptions.actions.work import open_work_items
from subscriptions.gateway.port import Charged
from subscriptions.ledger.finding import Finding
from subscriptions.models import Payment
from subscriptions.rules.lifecycle import PaymentStatus

logger = logging.getLogger(__name__)


def has_other_sum(payment: Payment, outcome: Charged) -> bool:
    return (outcome.amount, outcome.currency) != (payment.amount, payment.currency)


def park(payment: Payment, outcome: Charged, *, now: datetime) -> None:
    """Within the caller's transaction and lock of the payment.

    It stays open: its period is not begun again while it is, and each run asks anew, so that it is booked as soon as
    the provider says what was asked for.
    """
    text = f"{payment.key}: {payment.amount} {payment.currency}; the provider took {outcome.amount} {outcome.currency}"
    logger.error("charge not booked: %s", text)
    if payment.status == PaymentStatus.STARTED:
        payment.status = PaymentStatus.UNKNOWN
        payment.save(update_fields=["status"])
    finding = Finding(check="charge_amount_differs", subject=str(payment.public_id), text=text)
    open_work_items([finding], now=now)
