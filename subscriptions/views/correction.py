"""A wrong name or address on an invoice: what stands there, what will, and the button that mends it (I4)."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, member_required
from portal.refusals import Refusal
from subscriptions.access import documents_of, invoices_of
from subscriptions.actions.correct import correct_document, correction_quote
from subscriptions.confirming import is_what_was_shown, seal

PAGE_SIZE = 20


@require_safe
@member_required
def corrections(request: HttpRequest) -> HttpResponse:
    """The invoices that hold, newest first: which one is wrong?"""
    page = Paginator(invoices_of(account_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "subscriptions/corrections.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def document_correction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    documents = documents_of(account).select_related("payment", "subscription__market")
    document = get_object_or_404(documents, public_id=public_id)
    context = {"document": document, "has_changed": request.method == "POST"}
    try:
        quote = correction_quote(document, now=now, by=account)
        if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), quote):
            new = correct_document(invoice=document, confirmed=quote, now=now, by=account)
            sent = _("The invoice %(number)s takes the place of the old one. Both documents are on their way to you.")
            messages.success(request, sent % {"number": new.number})
            return redirect("documents")
    except Refusal as refusal:
        return render(request, "subscriptions/document_correction.html", context | {"refusal": refusal})
    context |= {"quote": quote, "seal": seal(quote)}
    return render(request, "subscriptions/document_correction.html", context)
