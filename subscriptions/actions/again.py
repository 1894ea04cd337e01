"""What is done a second time: a document's mail (I1, K3), a refund that the provider rejected (K3)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Notice
from portal import audit, outbox
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.refund import AGAIN, promise_again
from subscriptions.invoicing.files import check_not_blanked
from subscriptions.models import BankTransfer, Document, Refund
from subscriptions.rules.lifecycle import RefundStatus
from subscriptions.telling import tell_document

SENT_AGAIN = "document sent again"
REPEATED = "refund repeated"
# By the customer, of one document: nobody's letter box is flooded.
MOST_IN_A_DAY = 3


def times_done(what: str, subject: Model) -> int:
    """How often staff have done it: what a form shows, and what it hands back as `times`."""
    return AuditRecord.objects.filter(what=what, **_subject(subject)).count()


def _subject(row: Model) -> dict[str, Any]:
    return {"subject_type": row._meta.label_lower, "subject_id": row.pk}


def send_document_again(*, document: Document, times: int, reason: str, now: datetime, by: Account) -> None:
    """Mails the invoice or credit note once more, to the address that the account has now.

    `times` is how often it had been sent again when the form was shown: a form that is sent twice mails once. Raises
    `Refusal` already_done, document_blanked.
    """
    check_not_blanked(document)
    with transaction.atomic():
        # The account's row is the queue: a document itself is never locked, nor changed.
        account = Account.objects.select_for_update(of=["self"]).get(pk=document.account_id)
        _check_first(SENT_AGAIN, document, times=times)
        audit.record(
            SENT_AGAIN, account=account, by=by, now=now, subject=document, number=document.number, reason=reason
        )
        notice = Notice.objects.filter(account=account, kind__in=_KINDS, subject_key=document.number).first()
        if notice is None:
            # Notices are kept for a time only (N2), documents longer.
            tell_document(document, now=now)
            return
        key = f"notice:{notice.pk}{AGAIN}{times + 1}"
        outbox.enqueue("notice_mail", dedup_key=key, now=now, notice_id=notice.pk, again=times + 1)


def ask_for_document_again(*, document: Document, now: datetime, by: Account) -> None:
    """The customer has it mailed once more, to the address of the account (I1); counted with what staff sent.

    Raises `Refusal`: sent_often for the fourth time in a day, document_blanked.
    """
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(pk=document.account_id)
        sent = AuditRecord.objects.filter(what=SENT_AGAIN, **_subject(document))
        if sent.filter(at__gt=now - timedelta(days=1)).count() >= MOST_IN_A_DAY:
            raise Refusal("sent_often", _("It was mailed three times within a day. Please look into your mailbox."))
        send_document_again(document=document, times=sent.count(), reason="asked for by the customer", now=now, by=by)


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


_KINDS = ("invoice_issued", "credit_note_issued")


def _check_first(what: str, subject: Model, *, times: int) -> None:
    if times_done(what, subject) != times:
        raise Refusal("already_done", _("This has just been done. Please look again before you repeat it."))
