"""The inbox: what the account was told, newest first (N1)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import notice_texts
from accounts.access import MemberRequest, member_required
from accounts.context import unread_notices
from accounts.models import Notice
from accounts.notices import KINDS

PAGE_SIZE = 20


@require_safe
@member_required
def notices(request: MemberRequest) -> HttpResponse:
    told = Notice.objects.filter(account=request.user).select_related("account__market")
    page = Paginator(told.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"notice": notice, "subject": notice_texts.subject(notice), "title": _title(notice)} for notice in page]
    context = {"page": page, "rows": rows, "unread": unread_notices(request.user)}
    return render(request, "accounts/notices.html", context)


@require_safe
@member_required
def notice(request: MemberRequest, public_id: str) -> HttpResponse:
    """One notice; opening it marks it as read."""
    told = Notice.objects.select_related("account__market")
    found = get_object_or_404(told, account=request.user, public_id=public_id)
    found.mark_read(now=timezone.now())
    context = {
        "notice": found,
        "title": _title(found),
        "subject": notice_texts.subject(found),
        "paragraphs": notice_texts.body(found).split("\n\n"),
        "link": notice_texts.link(found),
    }
    return render(request, "accounts/notice.html", context)


def _title(notice: Notice) -> str:
    return str(KINDS[notice.kind].title)
