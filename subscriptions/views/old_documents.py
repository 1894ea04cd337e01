"""Documents of the system before this one, under their own numbers: a list and each file, for their owner (I1).

They name no car, so nobody who reads documents by the car has them.
"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from portal.refusals import Refusal
from subscriptions.access import old_document_or_404, old_documents_of
from subscriptions.papers.downloads import pdf_file
from subscriptions.papers.old_documents import pdf_for_reading

PAGE_SIZE = 20


@require_safe
@member_required
def old_documents(request: HttpRequest) -> HttpResponse:
    pages = Paginator(old_documents_of(account_of(request)), PAGE_SIZE)
    return render(request, "subscriptions/old_documents.html", {"page": pages.get_page(request.GET.get("page"))})


@require_safe
@member_required
def old_document_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    document = old_document_or_404(account_of(request), public_id)
    try:
        return pdf_file(pdf_for_reading(document), name=document.file_name)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("old_documents")
