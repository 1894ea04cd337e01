"""Disputes: opened they freeze the payment's refunds, lost they are booked as returned, won they change nothing (P10).

Whoever learns how one stands (a webhook, the run) calls `settle_dispute` with what the provider said when it was asked.
"""

from datetime import datetime, timedelta

from django.db import transaction

from portal import audit
from subscriptions.actions.end import end_now
from subscriptions.actions.locking import lock
from subscriptions.actions.refund import release_refunds, replace_refunds, return_by_dispute, settle_found_refunds
from subscriptions.actions.settle import settle
from subscriptions.actions.work import close_solved, open_work_items
from subscriptions.gateway.port import Charged, DisputeStanding, Gateway
from subscriptions.ledger.finding import Finding
from subscriptions.models import Dispute, Payment, Subscription
from subscriptions.models.work import DISPUTE_OPENED
from subscriptions.notices.telling import tell_about
from subscriptions.rules.lifecycle import DisputeState, EndReason, PaymentStatus

# How far back the run looks for disputes of which no webhook came. Banks take months to decide, but not to open one.
LOOKS_BACK = timedelta(days=30)


def learn_disputes(*, now: datetime, gateway: Gateway) -> None:
    """Asks for what no webhook has told: disputes opened of late, and those that we know to be open (fault 21)."""
    known = set()
    for standing in gateway.disputes(since=now - LOOKS_BACK):
        known.add(standing.dispute_ref)
        settle_dispute(standing=standing, now=now, gateway=gateway)
    for dispute_ref in Dispute.objects.filter(state=DisputeState.OPENED).values_list("dispute_ref", flat=True):
        if dispute_ref not in known:
            learn_dispute(dispute_ref=dispute_ref, now=now, gateway=gateway)


def learn_dispute(*, dispute_ref: str, now: datetime, gateway: Gateway) -> None:
    """Asks how one dispute stands and books it; one that the provider does not know is left alone."""
    standing = gateway.find_dispute(dispute_ref=dispute_ref)
    if standing is not None:
        settle_dispute(standing=standing, now=now, gateway=gateway)


def settle_dispute(*, standing: DisputeStanding, now: datetime, gateway: Gateway) -> None:
    """Books how a dispute stands; a second call, from wherever, changes nothing.

    One of a payment that is not ours is left alone. Raises `ProviderDown`, and `ValueError` where the bank took more
    than is left of the payment.
    """
    payment = _paid(standing.charge_key, now=now, gateway=gateway)
    if payment is None:
        return
    if standing.state == DisputeState.LOST:
        # Sent before the bank froze the payment, answered to a worker that is gone: it counts before what was lost.
        settle_found_refunds(payment=payment, now=now, gateway=gateway)
    with transaction.atomic():
        payment = lock(payment.pk)
        subscription = payment.subscription
        dispute = _open(subscription, payment, standing, now=now)
        if dispute.state == standing.state:
            return
        dispute.move_to(DisputeState(standing.state))
        dispute.settled_at = now
        dispute.save(update_fields=["state", "settled_at"])
        if not payment.is_disputed:
            close_solved(kind=DISPUTE_OPENED, subject=str(payment.public_id), now=now)
        if dispute.state == DisputeState.WON:
            _book_won(subscription, dispute, now=now)
        else:
            _book_lost(subscription, dispute, now=now)


def _paid(key: str, *, now: datetime, gateway: Gateway) -> Payment | None:
    """The payment of a charge, booked as paid first if we had not learnt of that yet."""
    payment = Payment.objects.filter(key=key).first()
    if payment is None or payment.status == PaymentStatus.SUCCEEDED:
        return payment
    outcome = gateway.find_charge(key=key)
    if not isinstance(outcome, Charged):
        return None
    settle([(payment.pk, outcome)], now=now)
    payment.refresh_from_db(fields=["status"])
    return payment if payment.status == PaymentStatus.SUCCEEDED else None


def _open(subscription: Subscription, payment: Payment, standing: DisputeStanding, *, now: datetime) -> Dispute:
    """The row of the dispute, made if this is the first that we hear of it."""
    known = Dispute.objects.filter(dispute_ref=standing.dispute_ref).first()
    if known:
        known.payment = payment
        return known
    dispute = Dispute.objects.create(
        payment=payment,
        dispute_ref=standing.dispute_ref,
        amount=standing.amount,
        state=DisputeState.OPENED,
        opened_at=now,
    )
    _record("dispute opened", subscription, dispute, now=now)
    text = f"{dispute.amount} {payment.currency}, dispute {dispute.dispute_ref}: answer the bank at the provider"
    open_work_items([Finding(check=DISPUTE_OPENED, subject=str(payment.public_id), text=text)], now=now)
    return dispute


def _book_won(subscription: Subscription, dispute: Dispute, *, now: datetime) -> None:
    _record("dispute won", subscription, dispute, now=now)
    release_refunds(payment=dispute.payment, occasion=dispute.dispute_ref, now=now)


def _book_lost(subscription: Subscription, dispute: Dispute, *, now: datetime) -> None:
    _record("dispute lost", subscription, dispute, now=now)
    replace_refunds(payment=dispute.payment, now=now)
    return_by_dispute(payment=dispute.payment, dispute_ref=dispute.dispute_ref, amount=dispute.amount, now=now)
    if subscription.is_live:
        _end(subscription, now=now)


def _end(subscription: Subscription, *, now: datetime) -> None:
    today = subscription.market.local_date(now)
    subscription.ends_on = today
    subscription.end_reason = EndReason.DISPUTE_LOST
    end_now(subscription, now=now, by=None)
    tell_about(subscription, "subscription_ended", event_on=today, now=now, ended_on=today, reason="dispute_lost")


def _record(what: str, subscription: Subscription, dispute: Dispute, *, now: datetime) -> None:
    audit.record(
        what,
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        amount=dispute.amount,
        dispute=dispute.dispute_ref,
    )
