"""What is done a second time: a document's mail, by customer or staff; a rejected refund, by staff (I1, K3)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Notice
from portal import audit, outbox
from portal.models import AuditRecord, OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.refund import AGAIN, promise_again
from subscriptions.invoicing.files import check_not_blanked
from subscriptions.models import BankTransfer, Document, Refund
from subscriptions.notices.telling import tell_document, told_as
from subscriptions.rules.lifecycle import RefundStatus

SENT_AGAIN = "document sent again"
MOST_BY_CUSTOMER_A_DAY = 5
REPEATED = "refund repeated"


def times_done(what: str, subject: Model) -> int:
    """How often it was done: what a form shows, and what it hands back as `times`."""
    records = AuditRecord.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk, what=what)
    return records.count()


def send_document_again(
    *, document: Document, times: int, now: datetime, by: Account, reason: str = "asked for by the customer"
) -> None:
    """Mails the invoice or credit note once more, to the address that the account has now.

    `times` is how often it had been sent again when the form was shown: a form that is sent twice mails once. A
    customer needs no reason, and has a few a day. Raises `Refusal` already_done, sent_too_often, document_blanked.
    """
    check_not_blanked(document)
    with transaction.atomic():
        # The account's row is the queue: a document itself is never locked, nor changed.
        account = Account.objects.select_for_update(of=["self"]).get(pk=document.account_id)
        _check_first(SENT_AGAIN, document, times=times)
        if by == account:
            _check_not_too_often(account, now=now)
        audit.record(
            SENT_AGAIN, account=account, by=by, now=now, subject=document, number=document.number, reason=reason
        )
        notice = Notice.objects.filter(account=account, kind__in=_KINDS, subject_key=told_as(document)).first()
        if notice is None:
            # Notices are kept for a time only (N2), documents longer.
            tell_document(document, now=now)
            return
        # Counted by the mail: the two documents of a correction share one (I4).
        key = f"notice:{notice.pk}{AGAIN}"
        again = OutboxMessage.objects.filter(dedup_key__startswith=key).count() + 1
        outbox.enqueue("notice_mail", dedup_key=f"{key}{again}", now=now, notice_id=notice.pk, again=again)


def repeat_refund(*, refund: Refund, times: int, reason: str, now: datetime, by: Account) -> Refund:
    """Promises it anew and asks the provider once more (X6). `times` as above.

    Raises `Refusal`: not_rejected, payment_disputed, transfer_proposed, already_done.
    """
    with transaction.atomic():
        refund = Refund.objects.select_for_update(of=["self"]).get(pk=refund.pk)
        check_repeatable(refund)
        _check_first(REPEATED, refund, times=times)
        promise_again(refund, now=now)
        audit.record(REPEATED, account=refund.account, by=by, now=now, subject=refund, key=refund.key, reason=reason)
        return refund


def check_repeatable(refund: Refund) -> None:
    """Raises `Refusal`: not_rejected, payment_disputed (P10), transfer_proposed."""
    if refund.status != RefundStatus.REJECTED:
        raise Refusal("not_rejected", _("Only a refund that the provider has rejected can be repeated."))
    if refund.payment.is_disputed:
        raise Refusal("payment_disputed", _("The customer’s bank is looking into this payment: its refunds wait."))
    if BankTransfer.objects.standing().filter(refund=refund).exists():
        raise Refusal("transfer_proposed", _("A bank transfer is recorded for this refund: it must not be paid twice."))


_KINDS = ("invoice_issued", "credit_note_issued", "document_corrected")


def _check_not_too_often(account: Account, *, now: datetime) -> None:
    own = AuditRecord.objects.filter(account=account, by=account, what=SENT_AGAIN, on=account.market.local_date(now))
    if own.count() >= MOST_BY_CUSTOMER_A_DAY:
        raise Refusal(
            "sent_too_often",
            _("You have had several sent today. Please download the document here, or come back tomorrow."),
        )


def _check_first(what: str, subject: Model, *, times: int) -> None:
    if times_done(what, subject) != times:
        raise Refusal("already_done", _("This has just been done. Please look again before you repeat it."))
