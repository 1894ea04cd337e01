"""Refunds: promised in the transaction that owes them, sent afterwards, settled when the provider has answered (X6)."""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from portal import audit, outbox
from subscriptions.actions.work import close_solved, open_work_items
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import Gateway, OutcomeUnknown, ProviderDown, Refunded, RefundOutcome, RefundRejected
from subscriptions.invoicing.build import issue_credit_note
from subscriptions.ledger.finding import Finding
from subscriptions.models import BankTransfer, Payment, Refund
from subscriptions.models.work import REFUND_DIFFERS, REFUND_REJECTED
from subscriptions.notices.telling import tell_document
from subscriptions.rules.lifecycle import RefundStatus

logger = logging.getLogger(__name__)

AGAIN = ":again:"
# Paid in the system before this one, which gave no reference: finance transfers it (docs/moving-in.md).
NO_CHARGE = "no_charge"
# Nothing is to be asked or booked any more.
FINAL = frozenset({RefundStatus.SUCCEEDED, RefundStatus.REPLACED})


def promise_refund(
    *,
    payment: Payment,
    amount: Decimal,
    basis: str,
    now: datetime,
    months_used: int | None = None,
    months_left: int | None = None,
) -> Refund:
    """Within the caller's transaction: takes the amount from what is left of the payment; the database refuses more.

    While the payment is disputed the promise holds, as cancelling must stay possible, but it waits for the bank (P10).
    """
    locked = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    locked.refunded += amount
    locked.save(update_fields=["refunded"])
    market = payment.subscription.market
    refund = Refund.objects.create(
        account=payment.account,
        payment=payment,
        key=f"refund:{payment.public_id}:{payment.refunds.count() + 1}",
        amount=amount,
        currency=payment.currency,
        basis=basis,
        months_used=months_used,
        months_left=months_left,
        status=RefundStatus.PROMISED,
        promised_at=now,
        expected_on=market.local_date(now) + timedelta(days=market.refund_days),
    )
    if not locked.is_disputed:
        outbox.enqueue("refund", dedup_key=refund.key, now=now, refund_id=refund.pk)
    return refund


def send_refund(*, refund_id: int, now: datetime, gateway: Gateway) -> None:
    """Asks the provider to pay back. Safe to repeat: the key is the refund's own. Raises `ProviderDown`.

    One that is frozen or replaced by a dispute is left alone: `release_refunds` sends it if the dispute is won (P10).
    So is one for which a bank transfer is recorded: a provider may have forgotten that it refused the key (X6).
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status in FINAL or refund.payment.is_disputed or _has_transfer(refund):
        return
    outcome = _ask_for(refund, gateway=gateway)
    settle_refund(refund_id=refund_id, key=refund.key, outcome=outcome, now=now)


def _ask_for(refund: Refund, *, gateway: Gateway) -> RefundOutcome:
    if not refund.payment.charge_ref:
        return RefundRejected(reason=NO_CHARGE)
    try:
        return in_turn(
            lambda: gateway.refund(
                key=refund.key, charge_ref=refund.payment.charge_ref, amount=refund.amount, currency=refund.currency
            )
        )
    except OutcomeUnknown as unknown:
        # Nothing is lost: the same key is sent again until the provider answers.
        outcome = gateway.find_refund(key=refund.key)
        if outcome is None:
            raise ProviderDown(f"refund {refund.key}: no answer yet") from unknown
        return outcome


def repeat_rejected(*, refund_id: int, now: datetime, gateway: Gateway) -> None:
    """The scheduled run asks again for what the provider has rejected (X6)."""
    with transaction.atomic():
        refund = Refund.objects.select_for_update(of=["self"], no_key=True).get(pk=refund_id)
        if refund.status != RefundStatus.REJECTED or refund.payment.is_disputed or _has_transfer(refund):
            return
        if not refund.payment.charge_ref:
            return
        promise_again(refund, now=now)
    send_refund(refund_id=refund_id, now=now, gateway=gateway)


def promise_again(refund: Refund, *, now: datetime) -> None:
    """Within the caller's transaction and lock.

    A rejection is the provider's last word on a key, so a new try has a new one; it can never pay twice, as the key
    before it was answered with no.
    """
    first, _again, times = refund.key.partition(AGAIN)
    refund.key = f"{first}{AGAIN}{int(times or 0) + 1}"
    refund.status = RefundStatus.PROMISED
    refund.save(update_fields=["key", "status"])
    outbox.enqueue("refund", dedup_key=refund.key, now=now, refund_id=refund.pk)


def settle_refund(*, refund_id: int, key: str, outcome: RefundOutcome, now: datetime) -> None:
    """Books the provider's answer to `key` once; the credit note is issued when the refund was accepted."""
    with transaction.atomic():
        # Under this lock an invoice is corrected, and decides which one a credit note names (I4).
        Payment.objects.select_for_update(of=["self"], no_key=True).get(refunds=refund_id)
        refund = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
        if refund.status in FINAL:
            _note_failed_later(refund, key=key, outcome=outcome, now=now)
            return
        match outcome:
            case Refunded() if outcome.amount != refund.amount:
                _leave_open(refund, outcome, now=now)
            case Refunded():
                _book_success(refund, outcome, now=now)
            case RefundRejected() if refund.key == key:
                _book_rejection(refund, outcome, now=now)
            case RefundRejected():
                # Said of an earlier key by a slow worker: the refund has been promised anew, and that one may succeed.
                return


def _leave_open(refund: Refund, outcome: Refunded, *, now: datetime) -> None:
    """Another sum went back than was promised: not booked, and work at once. Each run asks anew, by the same key."""
    text = f"{refund.key}: {refund.amount} {refund.currency}; the provider paid {outcome.amount} back"
    logger.error("refund not booked: %s", text)
    open_work_items([Finding(check=REFUND_DIFFERS, subject=str(refund.public_id), text=text)], now=now)


def _book_success(refund: Refund, outcome: Refunded, *, now: datetime) -> None:
    refund.status = RefundStatus.SUCCEEDED
    refund.refund_ref = outcome.refund_ref
    refund.settled_at = now
    refund.save(update_fields=["status", "refund_ref", "settled_at"])
    _drop_overtaken(refund, now=now)
    document_refund(refund, now=now)


def document_refund(refund: Refund, *, now: datetime, by: Account | None = None) -> None:
    """Within the caller's transaction, what follows from money that went back: the record, the credit note and the
    mail that carries it; nothing is left to do."""
    subscription = refund.payment.subscription
    _close_work(refund, now=now)
    audit.record(
        "refunded",
        account=refund.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        amount=refund.amount,
        card=refund.payment.card.public_id.hex,
        refund=refund.public_id.hex,
    )
    note = issue_credit_note(refund, now=now)
    audit.record(
        "credit note",
        account=refund.account,
        by=None,
        now=now,
        subject=subscription,
        number=note.number,
        invoice=note.credited_number,
        gross=note.gross,
        net=note.net,
        vat=note.vat,
    )
    tell_document(note, now=now)


def _book_rejection(refund: Refund, outcome: RefundRejected, *, now: datetime) -> None:
    if refund.status == RefundStatus.REJECTED:
        return
    refund.status = RefundStatus.REJECTED
    refund.reason = outcome.reason
    refund.save(update_fields=["status", "reason"])
    audit.record(
        "refund rejected",
        account=refund.account,
        by=None,
        now=now,
        subject=refund.payment.subscription,
        reason=outcome.reason,
    )
    last4 = refund.payment.card.last4
    text = f"{refund.amount} {refund.currency} to the card ending in {last4}: {outcome.reason}"
    open_work_items([Finding(check=REFUND_REJECTED, subject=str(refund.public_id), text=text)], now=now)


def _note_failed_later(refund: Refund, *, key: str, outcome: RefundOutcome, now: datetime) -> None:
    """A provider may take a refund and fail days later: what is documented stands, and finance has to look."""
    if isinstance(outcome, RefundRejected) and refund.key == key and refund.status == RefundStatus.SUCCEEDED:
        text = f"{refund.amount} {refund.currency}, credited and then not paid: {outcome.reason}"
        open_work_items([Finding(check="refund_failed_later", subject=str(refund.public_id), text=text)], now=now)


def _has_transfer(refund: Refund) -> bool:
    return refund.is_rejected and BankTransfer.objects.standing().filter(refund=refund).exists()


def _drop_overtaken(refund: Refund, *, now: datetime) -> None:
    """The money went back otherwise: a transfer that was proposed must not be confirmed, and may have been made."""
    for transfer in BankTransfer.objects.proposed().filter(refund=refund):
        transfer.dropped_at = now
        transfer.save(update_fields=["dropped_at"])
        amount = f"{refund.amount} {refund.currency}"
        text = f"{amount} went back otherwise, while transfer {transfer.reference} was recorded"
        open_work_items([Finding(check="transfer_overtaken", subject=str(refund.public_id), text=text)], now=now)


def _close_work(refund: Refund, *, now: datetime) -> None:
    for kind in (REFUND_REJECTED, REFUND_DIFFERS):
        close_solved(kind=kind, subject=str(refund.public_id), now=now)


def settle_found_refunds(*, payment: Payment, now: datetime, gateway: Gateway) -> None:
    """Books what the provider has refunded of a payment without our having learnt of it. Raises `ProviderDown`."""
    for refund in payment.refunds.exclude(status__in=FINAL):
        outcome = gateway.find_refund(key=refund.key)
        if isinstance(outcome, Refunded):
            settle_refund(refund_id=refund.pk, key=refund.key, outcome=outcome, now=now)


def release_refunds(*, payment: Payment, occasion: str, now: datetime) -> None:
    """Within the caller's transaction and lock of the payment: what waited for the bank is sent, once an occasion."""
    market = payment.subscription.market
    for refund in _unfinished(payment):
        refund.expected_on = market.local_date(now) + timedelta(days=market.refund_days)
        refund.save(update_fields=["expected_on"])
        if _has_transfer(refund):
            continue
        if refund.is_rejected:
            promise_again(refund, now=now)
        else:
            outbox.enqueue("refund", dedup_key=f"{refund.key}:{occasion}", now=now, refund_id=refund.pk)


def replace_refunds(*, payment: Payment, now: datetime) -> None:
    """Within the caller's transaction and lock of the payment: the bank's return takes the place of what was promised.

    The provider refuses refunds of a disputed payment, so none of them can have been paid.
    """
    for refund in _unfinished(payment):
        refund.status = RefundStatus.REPLACED
        refund.save(update_fields=["status"])
        _drop_overtaken(refund, now=now)
        _close_work(refund, now=now)
        payment.refunded -= refund.amount
    payment.save(update_fields=["refunded"])


def return_by_dispute(*, payment: Payment, dispute_ref: str, amount: Decimal, now: datetime) -> Refund:
    """Within the caller's transaction and lock of the payment: books what the bank took, with its credit note.

    The provider is not asked to pay: the row says that it has been. Raises `ValueError` for more than is left.
    """
    if amount > payment.refundable:
        raise ValueError(f"{payment.key}: the bank took {amount}, and {payment.refundable} is left")
    payment.refunded += amount
    payment.save(update_fields=["refunded"])
    refund = Refund.objects.create(
        account=payment.account,
        payment=payment,
        key=f"dispute:{dispute_ref}",
        amount=amount,
        currency=payment.currency,
        basis="dispute",
        status=RefundStatus.SUCCEEDED,
        refund_ref=dispute_ref,
        promised_at=now,
        settled_at=now,
        expected_on=payment.subscription.market.local_date(now),
    )
    document_refund(refund, now=now)
    return refund


def _unfinished(payment: Payment) -> QuerySet[Refund]:
    open_ones = payment.refunds.exclude(status__in=FINAL)
    return open_ones.select_for_update(of=["self"], no_key=True).order_by("pk")
