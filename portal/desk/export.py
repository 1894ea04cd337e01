"""The rows that a list of the desk shows, as CSV: filtered as it is, in its own columns, bounded, and on record."""

import csv
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from portal import audit
from portal.files.spreadsheets import harmless

# A longer one is narrowed first: nobody copies the customers out.
MOST_ROWS = 5_000
# Of finance, editors and administrators (portal/roles.py).
NEEDS = "portal.export_lists"
_EMPTY = "-"


class _Line:
    """What csv.writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


class ExportsList:
    """For admins of lists: a button, and the file behind it."""

    def get_urls(self) -> list[URLPattern]:
        site, opts = self.admin_site, self.opts  # type: ignore[attr-defined]
        own = path("listing/", site.admin_view(self.listing), name=f"{opts.app_label}_{opts.model_name}_listing")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        listing = {}
        if self.may_export(request):
            opts = self.opts  # type: ignore[attr-defined]
            address = reverse(f"admin:{opts.app_label}_{opts.model_name}_listing")
            listing = {"listing_url": f"{address}?{request.GET.urlencode()}"}
        return super().changelist_view(request, listing | (extra_context or {}))  # type: ignore[misc,no-any-return]

    def may_export(self, request: HttpRequest) -> bool:
        may_view: bool = self.has_view_permission(request)  # type: ignore[attr-defined]
        return may_view and request.user.has_perm(NEEDS)  # type: ignore[union-attr]

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With what the list's columns read of many rows at once."""
        return rows

    def listing(self, request: HttpRequest) -> StreamingHttpResponse:
        if not self.may_export(request):
            raise PermissionDenied
        shown: ChangeList = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        opts, now = self.opts, timezone.now()  # type: ignore[attr-defined]
        staff: Any = request.user
        filters = sorted(name for name in request.GET if name not in {"p", "o"})
        audit.record("list exported", account=staff, by=staff, now=now, list=opts.label_lower, filters=filters)
        name = f"{opts.model_name}-{timezone.localtime(now):%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            _lines(shown),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )


def _lines(shown: ChangeList) -> Iterator[str]:
    names = [name for name in shown.list_display if name != "action_checkbox"]
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([label_for_field(name, shown.model, shown.model_admin) for name in names])
    page: Any = shown.model_admin
    for row in page.prepared(list(shown.queryset[:MOST_ROWS])):
        yield writer.writerow([harmless(_cell(name, row, shown)) for name in names])


def _cell(name: Any, row: Any, shown: ChangeList) -> str:
    """As the list shows it, without its links."""
    field, attribute, value = lookup_field(name, row, shown.model_admin)
    said: Any
    if field is None:
        said = display_for_value(value, _EMPTY, getattr(attribute, "boolean", False)) if value is not None else ""
    elif field.remote_field is not None:
        said = getattr(row, field.name) or ""
    else:
        said = display_for_field(value, field, _EMPTY) if not isinstance(value, bool) else value
    text = unescape(strip_tags(str(said))).strip()
    return "" if text == _EMPTY else text
