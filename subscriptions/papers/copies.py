"""Copies of documents to the addresses that agreed: a row in the outbox for each, so that each gets each once (I5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.copy_links import leave_url
from accounts.mail import in_words_of, send_copy
from accounts.models import CopyAddress
from portal import outbox
from portal.plain_text import render_text
from subscriptions.invoicing.files import kept_pdf_of
from subscriptions.models import Document


def enqueue_copies(documents: Sequence[Document], *, now: datetime) -> None:
    """Within the caller's transaction: one that cannot be reached keeps none of the others waiting."""
    copies = [(document, address.hex) for document in documents for address in document.account.copy_readers]
    if copies:
        outbox.enqueue_all("document_copy", [_copy(document, address) for document, address in copies], now=now)


def _copy(document: Document, address: str) -> tuple[str, dict[str, Any]]:
    return f"copy:{document.public_id.hex}:{address}", {"document_id": document.pk, "address": address}


def send_document_copy(*, document_id: int, address: str) -> None:
    """Outbox handler `document_copy`. Whoever was removed meanwhile, or has not agreed, gets nothing."""
    reader = (
        CopyAddress.objects.filter(public_id=address, confirmed_at__isnull=False)
        .select_related("account__market__brand")
        .first()
    )
    document = Document.objects.get(pk=document_id)
    if reader is None or reader.account_id != document.account_id or document.is_blanked:
        return
    pdf, url = kept_pdf_of(document), leave_url(reader)
    with in_words_of(reader.account):
        kind = _("credit note") if document.is_credit_note else _("invoice")
        context = {"kind": kind, "document": document, "name": document.buyer["name"], "url": url}
        send_copy(
            key=f"copy-{document.public_id.hex}-{reader.public_id.hex}",
            to=reader.email,
            subject=render_text("emails/copies/document_subject.txt", context),
            body=render_text("emails/copies/document_message.txt", context),
            brand=reader.account.market.brand,
            leave_url=url,
            attachments=[(f"{document.number}.pdf", pdf, "application/pdf")],
        )
