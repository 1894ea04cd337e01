"""A refund that the provider rejects, settled by bank transfer: proposed by one person, confirmed by another (X6)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.refund import document_refund
from subscriptions.models import BankTransfer, Payment, Refund
from subscriptions.rules.lifecycle import RefundChannel, RefundStatus


def propose_transfer(*, refund: Refund, reference: str, reason: str, now: datetime, by: Account) -> BankTransfer:
    """Records a transfer that was made; from here on the provider is not asked to pay this refund.

    Raises `Refusal`: not_rejected, payment_disputed, transfer_proposed.
    """
    with transaction.atomic():
        refund = _lock(refund)
        check_transferable(refund)
        if standing_transfer(refund):
            raise Refusal("transfer_proposed", _("A bank transfer has been recorded for this refund already."))
        transfer = BankTransfer.objects.create(refund=refund, reference=reference, proposed_by=by, proposed_at=now)
        _record("bank transfer proposed", transfer, reason=reason, now=now, by=by)
        return transfer


def confirm_transfer(*, transfer: BankTransfer, reason: str, now: datetime, by: Account) -> Refund:
    """Books the refund as paid, with its credit note and the mail that carries it.

    Raises `Refusal`: not_proposed, same_person, not_rejected, payment_disputed.
    """
    with transaction.atomic():
        refund, transfer = _lock_both(transfer)
        check_confirmable(transfer, by=by)
        check_transferable(refund)
        transfer.confirmed_by, transfer.confirmed_at = by, now
        transfer.save(update_fields=["confirmed_by", "confirmed_at"])
        _record("bank transfer confirmed", transfer, reason=reason, now=now, by=by)
        _book_paid(refund, transfer, now=now, by=by)
        return refund


def drop_transfer(*, transfer: BankTransfer, reason: str, now: datetime, by: Account) -> BankTransfer:
    """Takes a proposal back, whoever made it; the next run asks the provider again. Raises `Refusal` not_proposed."""
    with transaction.atomic():
        _refund, transfer = _lock_both(transfer)
        _check_proposed(transfer)
        transfer.dropped_at = now
        transfer.save(update_fields=["dropped_at"])
        _record("bank transfer dropped", transfer, reason=reason, now=now, by=by)
        return transfer


def standing_transfer(refund: Refund) -> BankTransfer | None:
    return BankTransfer.objects.standing().filter(refund=refund).first()


def check_transferable(refund: Refund) -> None:
    """Raises `Refusal`: not_rejected, payment_disputed (P10)."""
    if refund.status != RefundStatus.REJECTED:
        raise Refusal("not_rejected", _("Only a refund that the provider has rejected is settled by bank transfer."))
    if refund.payment.is_disputed:
        raise Refusal("payment_disputed", _("The customer’s bank is looking into this payment: its refunds wait."))


def check_confirmable(transfer: BankTransfer, *, by: Account) -> None:
    """Raises `Refusal`: not_proposed, same_person."""
    _check_proposed(transfer)
    if transfer.proposed_by_id == by.pk:
        raise Refusal("same_person", _("You recorded this transfer yourself. Somebody else has to confirm it."))


def _check_proposed(transfer: BankTransfer) -> None:
    if not transfer.is_proposed:
        raise Refusal("not_proposed", _("This bank transfer has been confirmed or dropped already."))


def _lock(refund: Refund) -> Refund:
    """The payment before its refund, as in a dispute."""
    Payment.objects.select_for_update(no_key=True).get(pk=refund.payment_id)
    return Refund.objects.select_for_update(of=["self"], no_key=True).get(pk=refund.pk)


def _lock_both(transfer: BankTransfer) -> tuple[Refund, BankTransfer]:
    refund = _lock(transfer.refund)
    return refund, BankTransfer.objects.select_for_update(of=["self"], no_key=True).get(pk=transfer.pk)


def _book_paid(refund: Refund, transfer: BankTransfer, *, now: datetime, by: Account) -> None:
    market = refund.payment.subscription.market
    refund.status = RefundStatus.SUCCEEDED
    refund.channel = RefundChannel.TRANSFER
    refund.refund_ref = transfer.reference
    refund.settled_at = now
    refund.expected_on = market.local_date(now) + timedelta(days=market.refund_days)
    refund.save(update_fields=["status", "channel", "refund_ref", "settled_at", "expected_on"])
    document_refund(refund, now=now, by=by)


def _record(what: str, transfer: BankTransfer, *, reason: str, now: datetime, by: Account) -> None:
    refund = transfer.refund
    audit.record(
        what,
        account=refund.account,
        by=by,
        now=now,
        subject=refund,
        amount=refund.amount,
        reference=transfer.reference,
        reason=reason,
    )
