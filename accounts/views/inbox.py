"""The inbox: what the account was told, newest first (N1)."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member_required
from accounts.actions.inbox import mark
from accounts.entrance import forget
from accounts.forms.notices import InboxForm
from accounts.models import Notice
from accounts.notices import texts as notice_texts
from accounts.notices.inbox import page_of, wanted_notices
from accounts.notices.kinds import KINDS
from accounts.undelivered import refused_address


@require_safe
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    form = InboxForm(request.GET)
    page = page_of(request.user, request.GET.get("page"), **form.wanted)
    titles = {kind: str(KINDS[kind].title) for kind in {notice.kind for notice in page}}
    context = {
        "form": form,
        "query": urlencode(form.wanted),
        "page": page,
        "rows": [
            {"notice": notice, "subject": notice_texts.subject(notice), "title": titles[notice.kind]} for notice in page
        ],
        "refused_address": refused_address(request.user),
    }
    return render(request, "accounts/notices.html", context)


@require_safe
@member_required
def notice(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One notice; opening it marks it as read."""
    found = get_object_or_404(request.user.notices.all().select_related("account__market"), public_id=public_id)
    found.mark_read(now=timezone.now())
    forget(request.user)
    context = {
        "notice": found,
        "title": KINDS[found.kind].title,
        "subject": notice_texts.subject(found),
        "paragraphs": notice_texts.body(found).split("\n\n"),
        "link": notice_texts.link(found),
    }
    return render(request, "accounts/notice.html", context)


@require_POST
@member_required
def notice_reading(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Marks one, and goes back to the list as it was filtered."""
    found = get_object_or_404(request.user.notices.all(), public_id=public_id)
    return _marked(request, request.user.notices.all().filter(pk=found.pk))


@require_POST
@member_required
def notices_reading(request: MemberRequest) -> HttpResponse:
    """Marks all that the filter shows, on every page of it."""
    return _marked(request, wanted_notices(request.user, **InboxForm(request.POST).wanted))


def _marked(request: MemberRequest, notices: QuerySet[Notice]) -> HttpResponse:
    mark(notices, is_read=request.POST.get("as") != "unread", now=timezone.now())
    query = urlencode(InboxForm(request.POST).wanted)
    return redirect(f"{reverse('notices')}?{query}".rstrip("?"))
