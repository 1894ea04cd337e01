"""The editors' report: which answers did not help and why, what was searched in vain, where people wrote to us (H4)."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.admin import ListAdmin
from portal.desk.lists import SeenLately
from support.models import FailedSearch, Vote
from support.reporting import failed_searches, keys_of_articles, rows_since

SPANS = (30, 90, 365)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("support.view_vote"):  # type: ignore[union-attr]
        raise PermissionDenied
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else SPANS[1]
    first = (timezone.now() - timedelta(days=days)).date()
    keys = keys_of_articles()
    context = {
        **admin.site.each_context(request),
        "title": "What helped, and what did not",
        "rows": [(row, keys.get(row.article_key)) for row in rows_since(first)],
        "searches": failed_searches(first),
        "days": days,
        "spans": SPANS,
    }
    return TemplateResponse(request, "admin/support/article/report.html", context)


@admin.register(Vote)
class VoteAdmin(ListAdmin):
    list_display = ("on", "article_key", "language", "is_helpful", "reason", "remark")
    list_filter = ("is_helpful", "reason", ("language", SeenLately))
    search_fields = ("article_key",)
    ordering = ("-on", "-pk")
    actions = None


@admin.register(FailedSearch)
class FailedSearchAdmin(ListAdmin):
    is_short = True
    list_display = ("words", "language", "times", "last_on")
    list_filter = ("language",)
    search_fields = ("words",)
    ordering = ("-times", "words")
    actions = None
