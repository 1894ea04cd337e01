"""Invoices and credit notes: the history, and each as PDF (I1)."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from subscriptions.access import document_or_404, documents_of
from subscriptions.invoicing.files import pdf_of

PAGE_SIZE = 20


@require_safe
@member_required
def documents(request: HttpRequest) -> HttpResponse:
    own = documents_of(account_of(request))
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "subscriptions/documents.html", {"page": page})


@require_safe
@member_required
def document_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    document = document_or_404(account_of(request), public_id)
    response = HttpResponse(pdf_of(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
