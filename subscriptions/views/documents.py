"""Invoices and credit notes: the history, and each as PDF (I1)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from subscriptions.access import document_or_404, documents_of, open_refunds_of
from subscriptions.invoicing.files import pdf_of
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
    response = HttpResponse(pdf_of(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
