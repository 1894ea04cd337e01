"""Notices and choices: what is always told, what may be switched off, what may be asked for besides (S9, N1)."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.actions.notice_choices import choose_notices
from accounts.forms.notices import NoticeChoicesForm
from accounts.notices.choices import chosen_by
from accounts.notices.links import topic_to_leave
from accounts.notices.topics import TOPICS
from accounts.rules.notices import EMAIL
from portal.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def notice_choices(request: MemberRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    form = NoticeChoicesForm(given, chosen=chosen_by(request.user))
    if not form.is_valid():
        return render(request, "accounts/notice_choices.html", {"form": form})
    choose_notices(account=request.user, wanted=form.wanted, now=timezone.now(), by=request.user)
    messages.success(request, _("Your choice is saved."))
    return redirect("notice_choices")


@csrf_exempt  # One click in a mail program carries no token of ours; the signed topic in the link stands in for it.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notice_leaving(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails of one topic by a button, or by a mail program's own (RFC 8058). A link alone changes nothing."""
    found = topic_to_leave(token)
    if found is None:
        return render(request, "accounts/notice_leaving.html", {"topic": None}, status=400)
    account, topic = found
    is_over = request.method == "POST"
    if is_over:
        # Of a closed account no mail goes out anyway.
        with suppress(Refusal):
            choose_notices(account=account, wanted={(topic, EMAIL): False}, now=timezone.now(), by=None)
    return render(request, "accounts/notice_leaving.html", {"topic": TOPICS[topic], "is_over": is_over})
