"""A customer's cases: the list, a thread with its files and a reply, and the one that a mail's link opens (H5)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, signed_in_required
from accounts.models import Account
from garage.uploads import PhotoInMemory
from portal.refusals import Refusal
from support.actions.cases import reply
from support.cases.attachments import download
from support.cases.limits import may_reply
from support.cases.links import case_of
from support.cases.pages import case_or_404, cases_of, file_or_404, files_of, show, thread_of
from support.cases.sight import cars_with_trips, running_leave
from support.channels import channels_of
from support.forms.cases import ReplyForm
from support.models import Attachment, Case
from support.rules.attachments import MOST_BYTES_TOGETHER

A_PAGE = 20


@require_safe
@signed_in_required
def cases(request: HttpRequest) -> HttpResponse:
    """Open to those who have not accepted new Terms: whoever is stuck has to be able to ask."""
    page = Paginator(cases_of(account_of(request)), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "support/cases.html", {"page": page, "rows": [show(row) for row in page]})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    _hold_uploads(request)
    return _case(request, public_id)


@csrf_protect
@signed_in_required
def _case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    row = case_or_404(account, public_id)

    def url_of(file: Attachment) -> str:
        return reverse("case_file", args=[row.public_id, file.public_id])

    return _thread(request, row, by=account, own_url=reverse("case", args=[row.public_id]), url_of=url_of)


@require_safe
@signed_in_required
def case_file(request: HttpRequest, public_id: UUID, file: UUID) -> HttpResponse:
    return download(file_or_404(case_or_404(account_of(request), public_id), file))


# By the link of a mail


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_case(request: HttpRequest, key: str) -> HttpResponse:
    _hold_uploads(request)
    return _guest_case(request, key)


@csrf_protect
def _guest_case(request: HttpRequest, key: str) -> HttpResponse:
    row = _guests(key)

    def url_of(file: Attachment) -> str:
        return reverse("guest_case_file", args=[key, file.public_id])

    with timezone.override(row.market.zone):
        return _thread(request, row, by=None, own_url=reverse("guest_case", args=[key]), url_of=url_of)


@require_safe
@never_cache
def guest_case_file(request: HttpRequest, key: str, file: UUID) -> HttpResponse:
    return download(file_or_404(_guests(key), file))


def _guests(key: str) -> Case:
    row = case_of(key)
    if row is None:
        raise Http404
    return row


# Both


def _hold_uploads(request: HttpRequest) -> None:
    """Before anything reads the body, the token's check among it."""
    request.upload_handlers = [PhotoInMemory(request, most=MOST_BYTES_TOGETHER)]


def _thread(
    request: HttpRequest, row: Case, *, by: Account | None, own_url: str, url_of: Callable[[Attachment], str]
) -> HttpResponse:
    now = timezone.now()
    form = _reply_form(request, row)
    if form.is_valid():
        try:
            _reply(row, form.cleaned_data, by=by)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if by:
                messages.success(request, _("Your message was added to the case."))
            return redirect(own_url)
    context = {
        "shown": show(row),
        "entries": thread_of(row, url_of),
        "form": form,
        "channels": channels_of(row.market, now=now),
        "is_guest": by is None,
        "leave": running_leave(row, now=now) if by else None,
        "may_let_look": by is not None and not row.is_closed and bool(cars_with_trips(by)),
    }
    return render(request, "support/case.html", context)


def _reply_form(request: HttpRequest, row: Case) -> ReplyForm:
    is_sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if is_sent else (None, None)
    was_too_large = any(handler.is_too_large for handler in request.upload_handlers)  # type: ignore[attr-defined]
    return ReplyForm(data, files=files, was_too_large=was_too_large, kept_already=files_of(row).count())


def _reply(row: Case, written: dict[str, Any], *, by: Account | None) -> None:
    """Raises `Refusal`: too_many_messages, case_over."""
    now = timezone.now()
    if not may_reply(row, now=now):
        raise Refusal("too_many_messages", _("These were many messages within an hour. Please wait, or call us."))
    reply(case=row, text=written["message"], uploads=written["files"], now=now, by=by)
