"""The audit trail at the desk (K3): actions append, here it is read, nobody changes it; its export stands on it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.admin import ListAdmin
from portal.desk.audit_export import CSV, JSON_LINES, MEDIA_TYPES, of_days, written
from portal.desk.lists import InputFilter
from portal.free_text import WithoutCardNumbers
from portal.models import AuditRecord, StaffRead

MOST_DAYS = 366
# Each kind by one step down the index: the rows of a kind are not looked at.
KINDS = """
WITH RECURSIVE kinds AS (
    (SELECT what FROM portal_auditrecord ORDER BY what LIMIT 1)
    UNION ALL
    SELECT (SELECT what FROM portal_auditrecord WHERE what > kinds.what ORDER BY what LIMIT 1)
    FROM kinds WHERE kinds.what IS NOT NULL
)
SELECT what FROM kinds WHERE what IS NOT NULL
"""


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")  # type: ignore[assignment]
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(KINDS)
            return [(what, what) for (what,) in cursor.fetchall()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(what=self.value()) if self.value() else queryset


class PersonFilter(InputFilter):
    """By an e-mail address: first to the account, so that the rows are found by its index."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        email = (self.value() or "").strip().lower()
        if not email:
            return queryset
        found = get_user_model().objects.filter(email=email).values_list("pk", flat=True).first()
        return queryset.filter(**{str(self.parameter_name): found}) if found else queryset.none()


class AccountFilter(PersonFilter):
    title = gettext_lazy("account (e-mail)")  # type: ignore[assignment]
    parameter_name = "account"


class ByFilter(PersonFilter):
    title = gettext_lazy("who did it (e-mail)")  # type: ignore[assignment]
    parameter_name = "by"


class DayFilter(InputFilter):
    """By the clock of the market of whoever looks."""

    title = gettext_lazy("day")  # type: ignore[assignment]
    parameter_name = "day"
    input_type = "date"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            day = date.fromisoformat(self.value() or "")
            begins = datetime.combine(day, time(), tzinfo=request.user.market.zone)  # type: ignore[union-attr]
            return queryset.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
        except (ValueError, OverflowError):
            return queryset.none() if self.value() else queryset


class ExportForm(WithoutCardNumbers, forms.Form):
    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    form = forms.ChoiceField(label=gettext_lazy("Format"), choices=[(CSV, "CSV"), (JSON_LINES, "JSON lines")])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not timedelta() <= cleaned["last"] - cleaned["first"] < timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("The last day is the first or later, and a year at most."), code="period")
        return cleaned


@admin.register(AuditRecord)
class AuditRecordAdmin(ListAdmin):
    list_display = ("at", "what", "account", "by", "subject_type", "data")
    list_filter = (AccountFilter, ByFilter, DayFilter, KindFilter)
    list_select_related = ("account", "by")
    ordering = ("-id",)

    show_full_result_count = False
    change_list_template = "admin/desk/audit.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The whole of it is administrators': to others a customer's own stands on the customer's page."""
        return _may_export(request)

    def get_urls(self) -> list[URLPattern]:
        export = path("export/", self.admin_site.admin_view(self.export), name="portal_auditrecord_export")
        return [export, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "may_export": _may_export(request)})

    def export(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_export(request):
            raise PermissionDenied
        form = ExportForm(request.POST or None)
        if form.is_valid():
            return _exported(request, **form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export the audit"),
            "row_name": _("Export the audit"),
            "row_url": reverse("admin:portal_auditrecord_changelist"),
            "effect": [(_("Then"), _("a file of every record of these days; that it was taken is on record"))],
            "form": form,
            "label": _("Download"),
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)


@admin.register(StaffRead)
class StaffReadAdmin(ListAdmin):
    """Who it was, for whoever has to answer a customer's question (D1)."""

    list_display = ("at", "account", "by", "role", "subject_type", "subject_id")
    list_filter = (AccountFilter, ByFilter, DayFilter)
    list_select_related = ("account", "by")
    ordering = ("-pk",)

    show_full_result_count = False


def _may_export(request: HttpRequest) -> bool:
    return request.user.has_perm("portal.change_auditrecord")


def _exported(request: HttpRequest, *, first: date, last: date, form: str) -> HttpResponseBase:
    by: Any = request.user
    audit.record("audit exported", account=by, by=by, now=timezone.now(), first=first, last=last, format=form)
    pieces = written(of_days(first, last, by.market.zone), form)
    headers = {
        "Content-Disposition": f'attachment; filename="audit-{first}-{last}.{form}"',
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[form], headers=headers)
