"""Writing to the customer centre, in two steps: what it is about, then what belongs to it (H5).

Works signed out: the message then waits for its address to be confirmed. The pages with forms are kept by no proxy; the
page of the channels, which leads here, is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of
from accounts.models import Account
from garage.uploads import PhotoInMemory
from portal.context import current_market
from portal.models import Market
from support.actions.cases import open_case
from support.actions.counting import count_contact_opened
from support.actions.unconfirmed import confirm, leave_message, waiting_message
from support.cases.answers import answers_to
from support.cases.limits import may_leave, may_open
from support.cases.links import guest_key
from support.cases.prefilled import Context, Prefilled, needs_account, prefilled_by
from support.forms.cases import GuestForm, QuestionForm, SendingForm
from support.rules.attachments import MOST_BYTES_TOGETHER


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Who writes, in which market and language, and from where they came."""

    account: Account | None
    market: Market
    language: str
    prefilled: Prefilled
    now: datetime


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    # Before anything reads the body, the token's check among it, which is why that stands within.
    request.upload_handlers = [PhotoInMemory(request, most=MOST_BYTES_TOGETHER)]
    return _case_new(request)


@csrf_protect
def _case_new(request: HttpRequest) -> HttpResponse:
    # A message that is written already is not lost where a session has ended: it goes on signed out.
    if request.method != "POST" and needs_account(request.GET) and not request.user.is_authenticated:
        back = urlencode({"next": request.get_full_path()}, safe="/")
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{back}")
    writing = _writing(request)
    if request.method == "GET" and writing.prefilled.context.kind == "article":
        count_contact_opened(writing.prefilled.context.key)
    first = {"category": writing.prefilled.category, "message": writing.prefilled.text}
    question = QuestionForm(request.POST or None, market=writing.market, initial=first)
    if not question.is_valid() or "change" in request.POST:
        context = {"form": question, "about": writing.prefilled.context.about}
        return render(request, "support/case_question.html", context)
    form, status = _second_step(request, writing), 200
    if form.is_valid():
        answer = _send(request, writing, question.cleaned_data, form.cleaned_data)
        if answer:
            return answer
        form.add_error(None, _("Many messages have come from here within an hour. Please call us, or wait an hour."))
        status = 429
    return _second_page(request, writing, question, form, status=status)


@require_POST
@never_cache
def case_answers(request: HttpRequest) -> HttpResponse:
    """As one types, htmx asks for answers that may help; without it they stand on the second page."""
    typed, market = request.POST.get("message", ""), current_market(request)
    context = {"answers": answers_to(typed, language=_language(), market=market, read=request.GET.get("article", ""))}
    return render(request, "support/_case_answers.html", context)


@require_safe
@never_cache
def case_sent(request: HttpRequest) -> HttpResponse:
    """The same for every address."""
    return render(request, "support/case_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def case_confirmation(request: HttpRequest, key: str) -> HttpResponse:
    """Where the mailed link leads. It asks once more: programs that look into mails follow links, too."""
    now = timezone.now()
    case = confirm(key=key, now=now) if request.method == "POST" else None
    if case:
        return redirect("guest_case", guest_key(case))
    message = waiting_message(key, now=now)
    return render(request, "support/case_confirmation.html", {"message": message}, status=200 if message else 410)


def _writing(request: HttpRequest) -> Writing:
    account = account_of(request) if request.user.is_authenticated else None
    market, language, now = current_market(request), _language(), timezone.now()
    asked = request.GET.dict()
    prefilled = prefilled_by(asked, account=account, market=market, language=language, now=now)
    return Writing(account=account, market=market, language=language, prefilled=prefilled, now=now)


def _second_step(request: HttpRequest, writing: Writing) -> SendingForm | GuestForm:
    is_sent = "send" in request.POST
    data, files = (request.POST, request.FILES) if is_sent else (None, None)
    was_too_large = any(handler.is_too_large for handler in request.upload_handlers)  # type: ignore[attr-defined]
    if writing.account is None:
        return GuestForm(data, files=files, was_too_large=was_too_large)
    context = writing.prefilled.context
    initial = {
        "car": str(context.membership.public_id) if context.membership else "",
        "invoice": str(context.document.public_id) if context.document else "",
    }
    return SendingForm(data, files=files, was_too_large=was_too_large, account=writing.account, initial=initial)


def _second_page(
    request: HttpRequest, writing: Writing, question: QuestionForm, form: SendingForm | GuestForm, *, status: int
) -> HttpResponse:
    asked = question.cleaned_data
    context = {
        "form": form,
        "category": asked["category"],
        "message": asked["message"],
        "about": writing.prefilled.context.about,
        "answers": answers_to(
            asked["message"], language=writing.language, market=writing.market, read=request.GET.get("article", "")
        ),
        "had_files": bool(form.errors and request.FILES),
    }
    return render(request, "support/case_sending.html", context, status=status)


def _send(request: HttpRequest, writing: Writing, asked: dict[str, Any], added: dict[str, Any]) -> HttpResponse | None:
    """None where this hour's messages are used up."""
    context, words = writing.prefilled.context, {"category": asked["category"], "text": asked["message"]}
    if writing.account is None:
        address = get_adapter(request).get_client_ip(request)
        if not may_leave(address=address, email=added["email"], now=writing.now):
            return None
        leave_message(
            market=writing.market,
            language=writing.language,
            context=context,
            email=added["email"],
            name=added["name"],
            uploads=added["files"],
            now=writing.now,
            **words,
        )
        return redirect("case_sent")
    if not may_open(writing.account, now=writing.now):
        return None
    case = open_case(
        account=writing.account,
        context=_chosen(context, added),
        uploads=added["files"],
        now=writing.now,
        by=writing.account,
        **words,
    )
    messages.success(
        request, _("We have received your message. Your case number is %(number)s.") % {"number": case.number}
    )
    return redirect("case", case.public_id)


def _chosen(context: Context, added: dict[str, Any]) -> Context:
    """What the form offers is chosen there; what it does not offer, such as a car that was sold, stays."""
    if "car" in added:
        context = replace(context, membership=added["car"])
    return replace(context, document=added["invoice"]) if "invoice" in added else context


def _language() -> str:
    return (get_language() or "en").split("-")[0]
