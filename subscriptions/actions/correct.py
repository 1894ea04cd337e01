"""Mending a wrong name or address: a credit note over the whole invoice, and a new one; no money moves (I4)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.invoicing.build import buyer_of, issue_correction
from subscriptions.models import Document, Payment
from subscriptions.notices.telling import tell_document
from subscriptions.rules.correction import Case, Obstacle, obstacle, open_amount

CORRECTED = "document corrected"
# What makes a buyer the same; e-mail, reference and the words of a country are no part of name and address.
IDENTITY = ("name", "street_lines", "postcode", "town", "country", "vat_number")
SENTENCES = {
    Obstacle.CREDIT_NOTE: _("A credit note is mended together with its invoice. Please choose the invoice."),
    Obstacle.REPLACED: _("Another invoice has taken the place of this one. Please choose that one."),
    Obstacle.TIME_OVER: _("The time for which invoices are kept is over: this one can no longer be corrected."),
    Obstacle.CREDITED: _("All of this invoice has been credited: there is nothing left to correct."),
    Obstacle.SAME_BUYER: _("The billing address is just what stands on the invoice. Please change it first."),
    Obstacle.OTHER_COUNTRY: _(
        "The billing address is in another country than the invoice. That would change its VAT: please ask the "
        "customer centre."
    ),
    Obstacle.TOO_OFTEN: _("This invoice has been corrected three times. Please ask the customer centre."),
}


@dataclass(frozen=True, kw_only=True)
class CorrectionQuote:
    """What is shown before it is done: the invoice, what is open of it, who stands on it, and who is to."""

    number: str
    gross: Decimal
    currency: str
    now_reads: tuple[str, ...]
    will_read: tuple[str, ...]


def correction_quote(invoice: Document, *, now: datetime, by: Account) -> CorrectionQuote:
    """Raises `Refusal` with the code of the obstacle."""
    # Asked anew: what the page holds of the billing address may be older.
    new = buyer_of(
        Payment.objects.select_related("account__billing_profile", "subscription").get(pk=invoice.payment_id)
    )
    credited = invoice.credit_notes.aggregate(sum=Sum("gross"))["sum"] or Decimal("0.00")
    gross = open_amount(gross=invoice.gross, credited=credited)
    reason = obstacle(
        Case(
            is_invoice=not invoice.is_credit_note,
            is_replaced=Document.objects.filter(replaces=invoice).exists(),
            is_kept=not invoice.is_blanked and invoice.subscription.market.local_date(now) <= invoice.keep_until,
            open_amount=gross,
            is_same_buyer=_identity(invoice.buyer) == _identity(new),
            is_same_country=invoice.buyer.get("country") == new["country"],
            times=_times(invoice) if by.pk == invoice.account_id else None,
        )
    )
    if reason:
        raise Refusal(reason.value, SENTENCES[reason])
    return CorrectionQuote(
        number=invoice.number,
        gross=gross,
        currency=invoice.currency,
        now_reads=_lines(invoice.buyer),
        will_read=_lines(new),
    )


def correct_document(
    *, invoice: Document, confirmed: CorrectionQuote, now: datetime, by: Account, reason: str = ""
) -> Document:
    """Issues both documents, and mails them together; gives the new invoice. `reason` is that of staff.

    The payment's lock lets no refund name the old invoice meanwhile. Raises `Refusal`: changed, or an obstacle's.
    """
    with transaction.atomic():
        Payment.objects.select_for_update(of=["self"], no_key=True).get(pk=invoice.payment_id)
        invoice = Document.objects.select_related(
            "legal_entity", "payment__account__billing_profile", "payment__subscription__market__brand"
        ).get(pk=invoice.pk)
        if correction_quote(invoice, now=now, by=by) != confirmed:
            raise Refusal("changed", _("Something has changed since this page was made. Please look again."))
        note, replacement = issue_correction(invoice, gross=confirmed.gross, now=now)
        audit.record(
            CORRECTED,
            account=invoice.account,
            by=by,
            now=now,
            subject=invoice,
            number=invoice.number,
            credit_note=note.number,
            replacement=replacement.number,
            gross=replacement.gross,
            payment=invoice.payment.public_id.hex,
            reason=reason,
        )
        tell_document(replacement, now=now)
        return replacement


def _times(invoice: Document) -> int:
    records = AuditRecord.objects.filter(account=invoice.account_id, by=invoice.account_id, what=CORRECTED)
    return records.filter(data__payment=invoice.payment.public_id.hex).count()


def _identity(buyer: dict[str, Any]) -> list[Any]:
    return [buyer.get(name) or "" for name in IDENTITY]


def _lines(buyer: dict[str, Any]) -> tuple[str, ...]:
    lines = (buyer.get("name", ""), *buyer.get("address_lines", ()), buyer.get("vat_number", ""))
    return tuple(line for line in lines if line)
