"""What follows from a charge that did not come about: the tries of P2, an order that comes to nothing (S11), P4, P7."""

from datetime import date, datetime

from portal import audit
from subscriptions.actions.conclude import abandon_order
from subscriptions.actions.end import end_now
from subscriptions.models import Payment, PaymentCard, Subscription
from subscriptions.notices.telling import path_for, tell_about, tell_failure
from subscriptions.rules.lifecycle import TO_CONFIRM, EndReason, PaymentStatus, Status
from subscriptions.rules.retries import GiveUp, TryAgain, after_failed_try


def book_decline(payment: Payment, *, reason: str, is_final: bool, now: datetime) -> None:
    """Within the caller's transaction and locks. `is_final`: the networks forbid to send this card again (P6)."""
    subscription = payment.subscription
    is_late = _is_late(payment, now=now)
    payment.status = PaymentStatus.DECLINED
    payment.reason = reason
    payment.settled_at = now
    payment.save(update_fields=["status", "reason", "settled_at"])
    _record("declined", payment, now=now, reason=reason)
    if subscription.is_pending:
        _abandon(payment, reason=reason, is_late=is_late, now=now)
    elif subscription.is_live and payment.attempt > subscription.tries_used:
        count_failed_try(subscription, card=payment.card, reason=reason, now=now)
    elif subscription.is_live:
        _tell_of_payment_between_tries(subscription, payment, now=now)
    if is_final:
        PaymentCard.objects.filter(pk=payment.card_id, refused_at__isnull=True).update(refused_at=now)


def _is_late(payment: Payment, *, now: datetime) -> bool:
    """Whether its answer comes when nobody waits for it on the page any more."""
    return payment.status == PaymentStatus.UNKNOWN or payment.started_at < now


def _abandon(payment: Payment, *, reason: str, is_late: bool, now: datetime) -> None:
    """S11: whoever ordered sees the reason at once, or is told of it and led to the wallet, for another card."""
    order = payment.subscription
    abandon_order(order, reason=reason, now=now)
    if is_late:
        tell_about(
            order,
            "order_refused",
            event_on=order.market.local_date(now),
            path=path_for(order.account, "wallet"),
            now=now,
            amount=payment.amount,
            reason=reason,
        )


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


def book_unknown(payment: Payment, *, now: datetime) -> None:
    """Within the caller's transaction and locks. P4: neither a failure nor a success; it is asked about until known."""
    if payment.status != PaymentStatus.STARTED:
        return
    payment.status = PaymentStatus.UNKNOWN
    payment.save(update_fields=["status"])
    _record("unknown", payment, now=now)


def book_failure(payment: Payment, *, reason: str, now: datetime) -> None:
    """Within the caller's transaction and locks. P7: the provider did nothing; the same key is sent in a later run."""
    if not payment.is_open:
        return
    is_late = _is_late(payment, now=now)
    was_told_today = _failed_on(payment, payment.subscription.market.local_date(now))
    payment.status = PaymentStatus.FAILED
    payment.reason = reason
    payment.settled_at = now
    payment.save(update_fields=["status", "reason", "settled_at"])
    if payment.subscription.is_pending:
        _abandon(payment, reason=reason, is_late=is_late, now=now)
    elif payment.subscription.is_live and not was_told_today:
        _record("failed", payment, now=now, reason=reason)


def _failed_on(payment: Payment, today: date) -> bool:
    """Whether this row has failed today already: the ledger names a technical failure once a day."""
    return payment.settled_at is not None and payment.subscription.market.local_date(payment.settled_at) == today


def _record(what: str, payment: Payment, *, now: datetime, **data: str) -> None:
    audit.record(
        what,
        account=payment.account,
        by=None,
        now=now,
        subject=payment.subscription,
        **payment_facts(payment),
        **data,
    )


def payment_facts(payment: Payment) -> dict[str, str | int]:
    """What the audit trail keeps of every answer to a charge."""
    return {
        "package": payment.subscription.package.code,
        "attempt": payment.attempt,
        "card": payment.card.public_id.hex,
        "payment": payment.public_id.hex,
    }
