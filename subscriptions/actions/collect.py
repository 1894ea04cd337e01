"""Collecting what is due, in three steps: begin (commit), call the provider, settle (commit).

No lock is held while the provider is called, and a crash between any two steps is picked up by `ask`: the payment's
key is the same whenever it is sent, so that a period is charged at most once, ever (P4).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from portal import audit
from portal.models import Market
from subscriptions.actions.settle import count_failed_try, lock, mark_failed, mark_unknown, settle
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import (
    Charged,
    ChargeOutcome,
    Gateway,
    NeedsAuthentication,
    OutcomeUnknown,
    ProviderDown,
)
from subscriptions.models import Payment, PaymentCard, Subscription
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, PaymentStatus
from subscriptions.rules.periods import paid_period

logger = logging.getLogger(__name__)

# A payment that was begun this long ago and is still open: whoever began it is gone.
ABANDONED_AFTER = timedelta(minutes=15)


def collect(*, subscription_id: int, now: datetime, gateway: Gateway) -> None:
    """Charges what is due of one subscription; after an outage period by period, once the one before is paid (P5)."""
    while collect_period(subscription_id=subscription_id, now=now, gateway=gateway):
        pass


def collect_period(*, subscription_id: int, now: datetime, gateway: Gateway) -> bool:
    """Charges the oldest period that is due; True if it was paid, so that the next may be begun."""
    payment = begin(subscription_id=subscription_id, now=now)
    return payment is not None and isinstance(send(payment, now=now, gateway=gateway), Charged)


def begin(*, subscription_id: int, now: datetime) -> Payment | None:
    """Saves the payment that is due, or None: not due (any more), in other hands, or not to be tried on this card."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        if subscription.next_try_on is None or subscription.next_try_on > today or subscription.has_stopped(today):
            return None
        if subscription.payments.filter(status__in=OPEN_PAYMENTS).exists():
            return None
        card = PaymentCard.objects.in_wallet().get(account_id=subscription.account_id, is_primary=True)
        if reason := _why_not_tried(subscription, card):
            _note_untried(subscription, card, reason=reason, now=now)
            return None
        return start_payment(subscription, card=card, attempt=subscription.tries_used + 1, now=now)


def start_payment(subscription: Subscription, *, card: PaymentCard, attempt: int, now: datetime) -> Payment:
    """Within the caller's transaction: the row that must exist before the provider is called.

    `attempt` is the number of the next try, or of the last one where the customer pays between the tries (P2).
    """
    again = _failed_before(subscription, card, attempt=attempt)
    if again:
        again.status = PaymentStatus.STARTED
        again.started_at = now
        again.save(update_fields=["status", "started_at"])
        return again
    index = subscription.periods_paid
    period = paid_period(
        activated_on=subscription.activated_on,
        trial_months=subscription.trial_months,
        term_months=subscription.term_months,
        index=index,
    )
    ordinal = subscription.payments.filter(period_index=index).count() + 1
    return Payment.objects.create(
        account_id=subscription.account_id,
        subscription=subscription,
        card=card,
        period_index=index,
        period_from=period.start_on,
        period_to=period.end_on,
        attempt=attempt,
        key=f"{subscription.public_id}:{index}:{ordinal}",
        amount=subscription.next_price,
        currency=subscription.currency,
        status=PaymentStatus.STARTED,
        started_at=now,
    )


def _failed_before(subscription: Subscription, card: PaymentCard, *, attempt: int) -> Payment | None:
    """A technical failure of the same try on the same card: its row and key are used again (P7)."""
    return subscription.payments.filter(
        period_index=subscription.periods_paid,
        attempt=attempt,
        card=card,
        status=PaymentStatus.FAILED,
    ).first()


def _why_not_tried(subscription: Subscription, card: PaymentCard) -> str:
    """P6, P8: the try counts, but the networks forbid to send it."""
    if card.is_refused:
        return "stolen"
    if subscription.unconfirmed_card_id == card.pk:
        return "needs_authentication"
    return ""


def _note_untried(subscription: Subscription, card: PaymentCard, *, reason: str, now: datetime) -> None:
    audit.record(
        "not tried",
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        attempt=subscription.tries_used + 1,
        card=card.public_id.hex,
        reason=reason,
    )
    count_failed_try(subscription, card=card, reason=reason, now=now)


def send(payment: Payment, *, now: datetime, gateway: Gateway) -> ChargeOutcome | None:
    """Calls the provider, outside of any transaction, and books what it said; None where it said nothing."""
    return book_answer(payment, partial(gateway.charge, **charge_facts(payment)), now=now)


def charge_facts(payment: Payment) -> dict[str, Any]:
    """What the provider is asked for, the same whenever this payment is sent."""
    return {
        "key": payment.key,
        "card_ref": payment.card.card_ref,
        "amount": payment.amount,
        "currency": payment.currency,
        "description": payment.subscription.package.code,
    }


def book_answer(payment: Payment, call: Callable[[], ChargeOutcome], *, now: datetime) -> ChargeOutcome | None:
    """Books what a call of the provider says, or that it says nothing (P4, P7)."""
    try:
        outcome = in_turn(call)
    except OutcomeUnknown:
        mark_unknown(payment_id=payment.pk, now=now)
        return None
    except ProviderDown:
        mark_failed(payment_id=payment.pk, reason="provider_down", now=now)
        return None
    except ValueError:
        # The provider does not know the card, or the request is ours to mend: nothing was charged, and staff must look.
        logger.exception("%s: the provider refused the request", payment.key)
        mark_failed(payment_id=payment.pk, reason="not_charged", now=now)
        return None
    if not is_with_customer(outcome):
        settle(payment_id=payment.pk, outcome=outcome, now=now)
    return outcome


def is_with_customer(outcome: ChargeOutcome | None) -> bool:
    """P8: the customer is on the provider's page; what comes of the charge is asked when they are back, or later."""
    return isinstance(outcome, NeedsAuthentication) and bool(outcome.url)


def ask(*, payment_id: int, now: datetime, gateway: Gateway) -> None:
    """What became of an open payment: asked under its key, and sent again under that key if it never arrived (P4)."""
    payment = Payment.objects.select_related("subscription__package", "card").get(pk=payment_id)
    try:
        outcome = in_turn(lambda: gateway.find_charge(key=payment.key))
    except ProviderDown:
        return
    if is_with_customer(outcome):
        return
    if outcome is not None:
        settle(payment_id=payment_id, outcome=outcome, now=now)
    elif _take_up_again(payment_id, now=now):
        send(payment, now=now, gateway=gateway)
    else:
        mark_failed(payment_id=payment_id, reason="not_charged", now=now)


def _take_up_again(payment_id: int, *, now: datetime) -> bool:
    """Whether a charge that never arrived is to be sent again, as things stand now that the provider has answered."""
    with transaction.atomic():
        subscription, payment = lock(payment_id)
        # An order is not charged behind the customer's back (S11), a period not after the end (X11), and a card only
        # while it is the primary one (W3): the run then begins the same try on the card that is.
        if not payment.is_open or subscription.is_pending or not subscription.is_live or not _is_primary(payment.card):
            return False
        payment.status = PaymentStatus.STARTED
        payment.started_at = now
        payment.save(update_fields=["status", "started_at"])
        return True


def _is_primary(card: PaymentCard) -> bool:
    return card.is_primary and card.removed_at is None


def payments_to_ask(*, market: Market, now: datetime) -> list[int]:
    """Ids of a market's payments without a known outcome, oldest first."""
    payments = Payment.objects.filter(subscription__market=market)
    unknown = payments.filter(status=PaymentStatus.UNKNOWN)
    left = payments.filter(status=PaymentStatus.STARTED, started_at__lte=now - ABANDONED_AFTER)
    return list((unknown | left).order_by("started_at", "pk").values_list("pk", flat=True))
