"""Invoices and credit notes: the history, each as PDF and for machines, and its mail once more (I1)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import account_of, member_required
from portal.refusals import Refusal
from subscriptions.access import document_or_404, documents_of, open_refunds_of
from subscriptions.actions.again import ask_for_document_again
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.invoicing.printing import calculation
from subscriptions.models import Document
from subscriptions.refund_states import shown_refund

PAGE_SIZE = 20


@require_safe
@member_required
def documents(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    today = account.market.local_date(timezone.now())
    page = Paginator(documents_of(account), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(document, today=today) for document in page],
        "refunds": [shown_refund(refund, today=today) for refund in open_refunds_of(account)],
    }
    return render(request, "subscriptions/documents.html", context)


def _row(document: Document, *, today: date) -> dict[str, Any]:
    """A document, how it was reckoned, and where its money is; no query of its own."""
    return {
        "document": document,
        "calculation": calculation(document),
        "refund": shown_refund(document.refund, today=today) if document.refund else None,
    }


@require_safe
@member_required
def document_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    document = document_or_404(account_of(request), public_id)
    return _file(request, document, pdf_of, extension="pdf", media_type="application/pdf", disposition="inline")


@require_safe
@member_required
def document_xml(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same for machines: EN 16931."""
    document = document_or_404(account_of(request), public_id)
    return _file(
        request, document, xml_of_document, extension="xml", media_type="application/xml", disposition="attachment"
    )


@require_POST
@member_required
def document_mail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Has the document mailed once more to the customer's own address."""
    account = account_of(request)
    document = document_or_404(account, public_id)
    try:
        ask_for_document_again(document=document, now=timezone.now(), by=account)
        messages.success(request, _("%(number)s is on its way to %(email)s again.") % _mail_facts(document))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return redirect("documents")


def _mail_facts(document: Document) -> dict[str, str]:
    return {"number": document.number, "email": document.account.email}


def _file(
    request: HttpRequest,
    document: Document,
    make: Callable[[Document], bytes],
    *,
    extension: str,
    media_type: str,
    disposition: str,
) -> HttpResponse:
    try:
        content = make(document)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("documents")
    headers = {
        "Content-Disposition": f'{disposition}; filename="{document.number}.{extension}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
