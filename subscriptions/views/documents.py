"""Invoices and credit notes: the history, and each by itself, as PDF and as XML (I1)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from portal.refusals import Refusal
from subscriptions.access import (
    document_or_404,
    documents_of,
    invoices_of,
    open_bundles_of,
    open_refunds_of,
)
from subscriptions.actions.again import SENT_AGAIN, send_document_again, times_done
from subscriptions.forms.customers import HistoryForm
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Document
from subscriptions.papers.history import BUNDLES, FROM_BEFORE, REFUNDS, Page, Shelf, page_of, shelf_of, totals_of
from subscriptions.papers.shown_document import shown_document
from subscriptions.views.bundles import MOST_AT_ONCE, filters_of
from subscriptions.words.refund_states import shown_refund

MOST_BUNDLES = 5


@require_safe
@member_required
def documents(request: HttpRequest) -> HttpResponse:
    """The whole page, or what a filter changes of it."""
    account, now = account_of(request), timezone.now()
    today, shelf = account.market.local_date(now), shelf_of(account, now=now)
    context = _history(account, request.GET, shelf=shelf, today=today)
    # A page that the browser keeps from before comes back whole.
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "subscriptions/_history.html", context)
        response["HX-Push-Url"] = f"{reverse('documents')}?{context['filters']}".rstrip("?")
        return response
    context["has_from_before"] = FROM_BEFORE in shelf.beside
    if REFUNDS in shelf.beside:
        context["refunds"] = [shown_refund(row, today=today) for row in open_refunds_of(account)]
    if BUNDLES in shelf.beside:
        context["bundles"] = open_bundles_of(account, now)[:MOST_BUNDLES]
    return render(request, "subscriptions/documents.html", context)


def _history(account: Account, given: QueryDict, *, shelf: Shelf, today: date) -> dict[str, Any]:
    form = HistoryForm(given, cars=shelf.cars, years=shelf.years)
    form.is_valid()
    wanted, edges = form.wanted, {name: form.cleaned_data.get(name, "") for name in ("before", "after")}
    # Where there are none they are not asked for once more.
    page = page_of(account, wanted, **edges) if shelf.years else Page(documents=[])
    totals = totals_of(account, wanted) if shelf.years else []
    count = sum(each.count for each in totals)
    return {
        "form": form,
        "has_documents": bool(shelf.years),
        "page": page,
        "rows": [shown_document(row, today=today) for row in page.documents],
        "totals": totals,
        "count": count,
        "is_small": count <= MOST_AT_ONCE,
        "wanted": wanted,
        "filters": filters_of(wanted),
    }


@require_safe
@member_required
def document(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    row = get_object_or_404(documents_of(account).select_related("subscription"), public_id=public_id)
    shown = shown_document(row, today=account.market.local_date(timezone.now()))
    context = {
        "shown": shown,
        "document": row,
        "corrected_by": documents_of(account).filter(corrects=row),
        "times": times_done(SENT_AGAIN, row),
        "help_url": help_url(row, is_overdue=bool(shown.refund and shown.refund.is_overdue)),
        "may_be_corrected": invoices_of(account).filter(pk=row.pk).exists(),
    }
    return render(request, "subscriptions/document.html", context)


@require_POST
@member_required
def document_mail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sends it once more to the address of the account (I1)."""
    account = account_of(request)
    row = document_or_404(account, public_id)
    try:
        send_document_again(document=row, times=_times(request), now=timezone.now(), by=account)
        messages.success(request, _("It is on its way to %(email)s.") % {"email": account.email})
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return redirect("document", row.public_id)


@require_safe
@member_required
def document_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    document = document_or_404(account_of(request), public_id)
    return _file(request, document, pdf_of, extension="pdf", media_type="application/pdf")


@require_safe
@member_required
def document_xml(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same for machines: EN 16931."""
    document = document_or_404(account_of(request), public_id)
    return _file(request, document, xml_of_document, extension="xml", media_type="application/xml; charset=utf-8")


def help_url(row: Document, *, is_overdue: bool) -> str:
    """A message to the customer centre that names the document already, or the refund that is not there (X6)."""
    asked = {"refund": row.refund.public_id} if is_overdue and row.refund else {"document": row.public_id}
    return f"{reverse('case_new')}?{urlencode(asked)}"


def _times(request: HttpRequest) -> int:
    """How often it had been sent when the form was shown; what is no such number is never the one there is."""
    typed = request.POST.get("times", "")
    return int(typed) if typed.isdecimal() and len(typed) < 6 else -1


def _file(
    request: HttpRequest,
    document: Document,
    make: Callable[[Document], bytes],
    *,
    extension: str,
    media_type: str,
) -> HttpResponse:
    """Always a download: the pages' own policy lets no browser show it in place."""
    try:
        content = make(document)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("documents")
    headers = {
        "Content-Disposition": f'attachment; filename="{document.number}.{extension}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
