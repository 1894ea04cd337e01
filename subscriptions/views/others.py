"""Documents of others: what an accountant may read, and the invitation that leads there (I5).

Nothing but documents of the chosen cars is behind these pages, and nothing can be changed by them.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from portal.refusals import Refusal
from subscriptions.access import (
    access_or_404,
    accesses_of,
    document_by_access_or_404,
    documents_by_access,
    invitation_or_404,
)
from subscriptions.actions.accountants import accept_invitation, end_access, record_reading
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Document
from subscriptions.papers.history import cars_in
from subscriptions.rules.accountants import may_still_accept

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def accountant_invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    access = invitation_or_404(account, public_id)
    is_open = may_still_accept(invited_at=access.invited_at, now=now)
    if request.method == "POST":
        try:
            accept_invitation(access=access, now=now, by=account)
            return redirect("documents_of_other", public_id)
        except Refusal:
            is_open = False
    context = {"access": access, "is_open": is_open}
    return render(request, "subscriptions/accountant_invitation.html", context)


@require_safe
@member_required
def documents_of_others(request: HttpRequest) -> HttpResponse:
    return render(request, "subscriptions/documents_of_others.html", {"accesses": accesses_of(account_of(request))})


@require_safe
@member_required
def documents_of_other(request: HttpRequest, public_id: UUID) -> HttpResponse:
    access = access_or_404(account_of(request), public_id)
    documents = documents_by_access(access)
    context = {
        "access": access,
        "page": Paginator(_filtered(documents, request.GET), PAGE_SIZE).get_page(request.GET.get("page")),
        "query": _query(request.GET),
    }
    choices = _choices(documents, request.GET, owner=access.owner)
    return render(request, "subscriptions/documents_of_other.html", context | choices)


@require_safe
@member_required
def other_document_pdf(request: HttpRequest, access_id: UUID, public_id: UUID) -> HttpResponse:
    return _file(request, access_id, public_id, pdf_of, form="pdf", media_type="application/pdf")


@require_safe
@member_required
def other_document_xml(request: HttpRequest, access_id: UUID, public_id: UUID) -> HttpResponse:
    return _file(
        request, access_id, public_id, xml_of_document, form="xml", media_type="application/xml; charset=utf-8"
    )


@require_POST
@member_required
def leave_documents_of_other(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    access = access_or_404(account, public_id)
    end_access(access=access, now=timezone.now(), by=account)
    ended = _("You can no longer read documents of %(name)s.")
    messages.success(request, ended % {"name": access.owner.get_full_name()})
    return redirect("documents_of_others")


def _file(
    request: HttpRequest,
    access_id: UUID,
    public_id: UUID,
    make: Callable[[Document], bytes],
    *,
    form: str,
    media_type: str,
) -> HttpResponse:
    access = access_or_404(account_of(request), access_id)
    document = document_by_access_or_404(access, public_id)
    try:
        content = make(document)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("documents_of_other", access_id)
    if request.method == "GET":
        record_reading(access, document, form=form, now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{document.number}.{form}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _filtered(documents: QuerySet[Document], asked: QueryDict) -> QuerySet[Document]:
    """By what the page offers; anything else filters nothing."""
    year, car = asked.get("year", ""), _uuid(asked.get("car", ""))
    if year.isascii() and year.isdigit() and len(year) == 4:
        documents = documents.filter(year=int(year))
    return documents.filter(subscription__vehicle__public_id=car) if car else documents


def _choices(documents: QuerySet[Document], asked: QueryDict, *, owner: Account) -> dict[str, Any]:
    """Cars and years of which there are documents, and what was chosen. Two queries."""
    return {
        "years": sorted(set(documents.order_by().values_list("year", flat=True).distinct()), reverse=True),
        "cars": [(car.public_id, car.label) for car in cars_in(documents, owner=owner)],
        "year": asked.get("year", ""),
        "car": asked.get("car", ""),
    }


def _query(asked: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in ("car", "year"):
        kept[name] = asked.get(name, "")
    return kept.urlencode()


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
