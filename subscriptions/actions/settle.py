"""Settling a payment: the outcome of a charge is booked once, with its invoice, whoever learns it (P1 to P4)."""

from datetime import date, datetime

from django.db import transaction

from portal import audit
from subscriptions.actions.conclude import abandon_order, conclude_order, tell_ordered
from subscriptions.actions.differing import has_other_sum, park
from subscriptions.actions.end import end_now
from subscriptions.actions.refund import promise_refund
from subscriptions.gateway.port import Charged, ChargeOutcome, Declined, NeedsAuthentication
from subscriptions.invoicing.build import issue_invoice
from subscriptions.models import Payment, PaymentCard, Subscription
from subscriptions.rules.lifecycle import EndReason, PaymentStatus, Status
from subscriptions.rules.retries import GiveUp, TryAgain, after_failed_try
from subscriptions.telling import tell_about, tell_document, tell_failure

# P8: the card is not charged again without its customer.
TO_CONFIRM = frozenset({"needs_authentication", "authentication_failed"})


def settle(*, payment_id: int, outcome: ChargeOutcome, now: datetime) -> bool:
    """Books an outcome; a second call, from wherever, changes nothing. False where it cannot be booked (`park`)."""
    with transaction.atomic():
        subscription, payment = lock(payment_id)
        if payment.is_settled:
            return True
        if isinstance(outcome, Charged) and has_other_sum(payment, outcome):
            park(payment, outcome, now=now)
            return False
        match outcome:
            case Charged():
                _book_success(subscription, payment, outcome, now=now)
            case Declined(reason=reason, is_final=is_final):
                _book_decline(subscription, payment, reason=reason, now=now)
                _mark_card(payment, is_refused=is_final, now=now)
            case NeedsAuthentication():
                _book_decline(subscription, payment, reason="needs_authentication", now=now)
        return True


def lock(payment_id: int) -> tuple[Subscription, Payment]:
    """Subscription first, then payment: the one order in which they are locked."""
    subscription_id = Payment.objects.values_list("subscription_id", flat=True).get(pk=payment_id)
    subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
    payment = Payment.objects.select_for_update(of=["self"], no_key=True).get(pk=payment_id)
    payment.subscription = subscription
    return subscription, payment


def _book_success(subscription: Subscription, payment: Payment, outcome: Charged, *, now: datetime) -> None:
    payment.status = PaymentStatus.SUCCEEDED
    payment.reason = ""
    payment.charge_ref = outcome.charge_ref
    payment.settled_at = now
    payment.save(update_fields=["status", "reason", "charge_ref", "settled_at"])
    if not subscription.is_live:
        _give_back(payment, now=now)
        return
    is_first_of_order = subscription.is_pending
    _extend(subscription)
    if is_first_of_order:
        conclude_order(subscription, now=now)
    _invoice(payment, now=now)
    if is_first_of_order:
        tell_ordered(subscription, now=now)


def _extend(subscription: Subscription) -> None:
    """The paid period begins; the next charge date is counted from activation, not from today (P3, S5)."""
    subscription.move_to(Status.PAID)
    subscription.periods_paid += 1
    subscription.tries_used = 0
    subscription.unconfirmed_card = None
    if subscription.ends_on is None:
        subscription.next_charge_on = subscription.charge_date(subscription.periods_paid)
        subscription.next_try_on = subscription.next_charge_on
    subscription.save(
        update_fields=["status", "periods_paid", "tries_used", "unconfirmed_card", "next_charge_on", "next_try_on"]
    )


def _give_back(payment: Payment, *, now: datetime) -> None:
    """X11: what turns out charged after the end is refunded whole."""
    _invoice(payment, now=now)
    promise_refund(payment=payment, amount=payment.amount, basis="unpaid", now=now)


def _invoice(payment: Payment, *, now: datetime) -> None:
    subscription = payment.subscription
    audit.record(
        "charged",
        account=payment.account,
        by=None,
        now=now,
        subject=subscription,
        **_payment_data(payment),
        amount=payment.amount,
        **{"from": payment.period_from, "to": payment.period_to},
    )
    invoice = issue_invoice(payment, now=now)
    audit.record(
        "invoice",
        account=payment.account,
        by=None,
        now=now,
        subject=subscription,
        number=invoice.number,
        package=subscription.package.code,
        gross=invoice.gross,
        net=invoice.net,
        vat=invoice.vat,
    )
    tell_document(invoice, now=now)


def _book_decline(subscription: Subscription, payment: Payment, *, reason: str, now: datetime) -> None:
    payment.status = PaymentStatus.DECLINED
    payment.reason = reason
    payment.settled_at = now
    payment.save(update_fields=["status", "reason", "settled_at"])
    audit.record(
        "declined",
        account=payment.account,
        by=None,
        now=now,
        subject=subscription,
        **_payment_data(payment),
        reason=reason,
    )
    if subscription.is_pending:
        abandon_order(subscription, reason=reason, now=now)
    elif subscription.is_live and payment.attempt > subscription.tries_used:
        count_failed_try(subscription, card=payment.card, reason=reason, now=now)
    elif subscription.is_live:
        _tell_of_payment_between_tries(subscription, payment, now=now)


def _tell_of_payment_between_tries(subscription: Subscription, payment: Payment, *, now: datetime) -> None:
    """P2: it has the number of the last try, uses up none, and leaves the next one where it is."""
    if payment.reason in TO_CONFIRM:
        subscription.unconfirmed_card = payment.card
        subscription.save(update_fields=["unconfirmed_card"])
    facts = {"reason": payment.reason, "attempt": payment.attempt, "card_last4": payment.card.last4}
    next_try_on = subscription.next_try_on.isoformat() if subscription.next_try_on else ""
    today = subscription.market.local_date(now)
    occasion = f":{payment.public_id.hex}"
    tell_failure(subscription, {**facts, "next_try_on": next_try_on}, now=now, on=today, occasion=occasion)


def count_failed_try(subscription: Subscription, *, card: PaymentCard, reason: str, now: datetime) -> None:
    """Within the caller's transaction: one of the three tries is used; the next follows tomorrow, or the end (P2)."""
    today = subscription.market.local_date(now)
    subscription.tries_used += 1
    if reason == "needs_authentication":
        # Another card's failure in between does not lift it: only the customer does, or a charge that succeeds.
        subscription.unconfirmed_card = card
    step = after_failed_try(tries_used=subscription.tries_used, tried_on=today)
    facts = {"reason": reason, "attempt": subscription.tries_used, "card_last4": card.last4}
    match step:
        case TryAgain(on=next_try_on):
            subscription.move_to(Status.PAST_DUE)
            subscription.next_try_on = next_try_on
            subscription.save(update_fields=["status", "tries_used", "unconfirmed_card", "next_try_on"])
            tell_failure(subscription, {**facts, "next_try_on": next_try_on.isoformat()}, now=now, on=today)
        case GiveUp():
            _end_unpaid(subscription, today=today, now=now)
            tell_failure(subscription, {**facts, "next_try_on": ""}, now=now, on=today)
            tell_about(
                subscription, "subscription_ended", event_on=today, now=now, ended_on=today, reason="payment_failed"
            )


def _end_unpaid(subscription: Subscription, *, today: date, now: datetime) -> None:
    subscription.ends_on = today
    subscription.end_reason = EndReason.PAYMENT_FAILED
    subscription.next_try_on = None
    subscription.save(update_fields=["tries_used", "unconfirmed_card", "next_try_on"])
    end_now(subscription, now=now, by=None)


def _mark_card(payment: Payment, *, is_refused: bool, now: datetime) -> None:
    """P6: a card that the networks forbid to charge again is marked, for every subscription."""
    if is_refused:
        PaymentCard.objects.filter(pk=payment.card_id, refused_at__isnull=True).update(refused_at=now)


def mark_unknown(*, payment_id: int, now: datetime) -> None:
    """P4: no answer. Neither a failure nor a success: it is asked of the provider until known."""
    with transaction.atomic():
        subscription, payment = lock(payment_id)
        if payment.status != PaymentStatus.STARTED:
            return
        payment.status = PaymentStatus.UNKNOWN
        payment.save(update_fields=["status"])
        audit.record(
            "unknown", account=payment.account, by=None, now=now, subject=subscription, **_payment_data(payment)
        )


def mark_failed(*, payment_id: int, reason: str, now: datetime) -> None:
    """P7: the provider did nothing. No try is used; the same key is sent again in a later run."""
    with transaction.atomic():
        subscription, payment = lock(payment_id)
        if not payment.is_open:
            return
        was_told_today = _failed_on(payment, subscription.market.local_date(now))
        payment.status = PaymentStatus.FAILED
        payment.reason = reason
        payment.settled_at = now
        payment.save(update_fields=["status", "reason", "settled_at"])
        if subscription.is_pending:
            abandon_order(subscription, reason=reason, now=now)
        elif subscription.is_live and not was_told_today:
            audit.record(
                "failed",
                account=payment.account,
                by=None,
                now=now,
                subject=subscription,
                **_payment_data(payment),
                reason=reason,
            )


def _failed_on(payment: Payment, today: date) -> bool:
    """Whether this row has failed today already: the ledger names a technical failure once a day."""
    return payment.settled_at is not None and payment.subscription.market.local_date(payment.settled_at) == today


def _payment_data(payment: Payment) -> dict[str, str | int]:
    return {
        "package": payment.subscription.package.code,
        "attempt": payment.attempt,
        "card": payment.card.public_id.hex,
        "payment": payment.public_id.hex,
    }
