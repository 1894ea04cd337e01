"""The work list (K4): what the nightly checks found and which refunds were rejected, each with owner and age."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from portal.desk.lists import MOST_COUNTED
from portal.desk.pages import Button, Desk
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.work import assign_work_item, check_closable, check_open, close_work_item
from subscriptions.admin import words
from subscriptions.admin.forms import AssignForm, ReasonForm
from subscriptions.models import BankTransfer, WorkItem


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")  # type: ignore[assignment]
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("open")), ("closed", gettext_lazy("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        if self.value() not in {"open", "closed"}:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "open")


class OwnerFilter(admin.SimpleListFilter):
    """Of whatever one of the staff looks after: a work item, a case."""

    title = gettext_lazy("owner")  # type: ignore[assignment]
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("me")), ("nobody", gettext_lazy("nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "me":
                return queryset.filter(owner=request.user.pk)
            case "nobody":
                return queryset.filter(owner__isnull=True)
        return queryset


class KindFilter(admin.SimpleListFilter):
    """Of the kinds that the newest have, in the words of the list."""

    title = gettext_lazy("kind")  # type: ignore[assignment]
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        newest = WorkItem.objects.order_by("-pk").values_list("kind", flat=True)[:MOST_COUNTED]
        return [(kind, words.WORK_KINDS.get(kind, kind)) for kind in sorted(set(newest))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(WorkItem)
class WorkItemAdmin(Desk):
    list_display = ("what", "age", "owner_name", "row", "said", "opened_at", "closed_at")
    list_filter = (OpenFilter, OwnerFilter, KindFilter)
    list_select_related = (
        "owner",
        "refund__account",
        "payment__account",
        "provisioning__subscription__vehicle",
        "provisioning__subscription__package",
    )
    search_fields = ("subject",)
    ordering = ("-pk",)
    fields = ("what", "row", "said", "owner_name", "age", "opened_at", "closed_at", "closed_by")
    nouns = ("closing", "assignment")

    def name_of(self, row: WorkItem) -> str:
        return self.what(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkItem]:
        proposed = BankTransfer.objects.proposed().filter(refund=OuterRef("refund"))
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.annotate(has_transfer=Exists(proposed))

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, row: WorkItem) -> str:
        return str(words.WORK_KINDS.get(row.kind, row.kind))

    @admin.display(description=gettext_lazy("row"), ordering="subject")
    def row(self, row: WorkItem) -> str:
        """The refund or payment itself, where the finding names one."""
        return words.link_to_subject(row)

    @admin.display(description=gettext_lazy("what is to be done"))
    def said(self, row: WorkItem) -> str:
        return words.work_in_words(row, has_transfer=row.has_transfer)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("owner"), ordering="owner__email")
    def owner_name(self, row: WorkItem) -> str:
        return row.owner.email if row.owner else _("nobody")

    @admin.display(description=gettext_lazy("age"), ordering="-opened_at")
    def age(self, row: WorkItem) -> str:
        days = row.days_open(timezone.now())
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}

    @admin.display(description=gettext_lazy("closed by, with the reason"))
    def closed_by(self, row: WorkItem) -> str:
        about = AuditRecord.objects.filter(
            subject_type=row._meta.label_lower, subject_id=row.pk, what="work item closed"
        )
        record = about.select_related("by").order_by("-pk").first()
        if record is None:
            return ""
        return f"{record.by}: {record.data['reason']}" if record.by else _("by itself: it was solved")

    def buttons(self, request: HttpRequest, row: WorkItem) -> list[Button]:
        if not row.is_open or not self.may_operate(request):
            return []
        giving = Button(label=_("Give it to somebody"), url=self.url_of(row, "assignment"))
        if row.closes_by_itself:
            return [giving]
        return [giving, Button(label=_("Close the work item"), url=self.url_of(row, "closing"))]

    def closing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: WorkItem = self.row_to_operate_on(request, object_id)
        form = ReasonForm(request.POST or None)
        try:
            check_closable(row)
            if form.is_valid():
                close_work_item(item=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The work item is closed."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        title = _("Close the work item")
        return self.operation_page(request, row, title=title, effect=self._facts(row), form=form, label=title)

    def assignment(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: WorkItem = self.row_to_operate_on(request, object_id)
        form = AssignForm(request.POST or None, staff=_those_who_work(), initial={"owner": row.owner or request.user})
        try:
            check_open(row)
            if form.is_valid():
                assign_work_item(item=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The work item has its owner."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        title = _("Give it to somebody")
        return self.operation_page(request, row, title=title, effect=self._facts(row), form=form, label=title)

    def _facts(self, row: WorkItem) -> list[tuple[str, Any]]:
        return [(_("Finding"), self.what(row)), (_("Row"), row.subject), (_("What does not agree"), self.said(row))]


def _those_who_work() -> QuerySet[Account]:
    """Staff who may operate on the list: by their role, or as a superuser."""
    permission = Permission.objects.filter(codename="change_workitem", content_type__app_label="subscriptions")
    may = Q(is_superuser=True) | Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    return Account.objects.filter(may, is_staff=True, is_active=True).order_by("email").distinct()
