"""The work list: what the nightly checks found, to be looked into, mended elsewhere, and closed with a reason."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.work import check_open, close_work_item
from subscriptions.admin.desk import Button, Desk
from subscriptions.admin.forms import ReasonForm
from subscriptions.models import WorkItem


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")  # type: ignore[assignment]
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("open")), ("closed", gettext_lazy("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        if self.value() not in {"open", "closed"}:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "open")


@admin.register(WorkItem)
class WorkItemAdmin(Desk):
    list_display = ("kind", "subject", "text", "opened_at", "closed_at")
    list_filter = (OpenFilter, "kind")
    search_fields = ("subject", "text")
    ordering = ("-opened_at", "-pk")
    fields = ("kind", "subject", "text", "opened_at", "closed_at", "closed_by")
    nouns = ("closing",)

    @admin.display(description=gettext_lazy("closed by, with the reason"))
    def closed_by(self, row: WorkItem) -> str:
        about = AuditRecord.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk)
        record = about.select_related("by").order_by("-pk").first()
        return f"{record.by}: {record.data['reason']}" if record else ""

    def buttons(self, request: HttpRequest, row: WorkItem) -> list[Button]:
        if not row.is_open or not self.may_operate(request):
            return []
        return [Button(label=_("Close the work item"), url=self.url_of(row, "closing"))]

    def closing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: WorkItem = self.row_to_operate_on(request, object_id)
        form = ReasonForm(request.POST or None)
        try:
            check_open(row)
            if form.is_valid():
                close_work_item(item=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The work item is closed."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        title = _("Close the work item")
        effect = [(_("Finding"), row.kind), (_("Row"), row.subject), (_("What does not agree"), row.text)]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)
