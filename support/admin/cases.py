"""Cases at the desk (H5, K4): who waits since when, what was written, and answering, taking, handing over, closing.

Agents and administrators see every case, finance those of billing (K1); editors and dealers none.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat, linebreaksbr
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from portal.admin import ListAdmin
from portal.desk.pages import Button, Desk, Panel, StateFilter
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.admin import words
from subscriptions.admin.forms import AssignForm, ReasonForm
from subscriptions.admin.work import OwnerFilter
from support.actions import cases
from support.admin.sight import may_see_trips, sight_buttons, sight_page
from support.cases.attachments import download
from support.cases.canned import filled, name_of, texts_of
from support.cases.pages import file_or_404, thread_of
from support.forms.cases import AnswerForm
from support.models import Attachment, CannedText, Case, CaseCategory
from support.rules.cases import WAITING, CaseState

STATES = {
    CaseState.NEW.value: gettext_lazy("new"),
    CaseState.WAITING_US.value: gettext_lazy("waiting for us"),
    CaseState.WAITING_CUSTOMER.value: gettext_lazy("waiting for the customer"),
    CaseState.CLOSED.value: gettext_lazy("closed"),
}


class CaseStateFilter(StateFilter):
    parameter_name = "state"
    words = {"waiting": gettext_lazy("cases waiting"), "overdue": gettext_lazy("overdue"), **STATES}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        match self.value():
            case "waiting":
                return queryset.filter(state__in=[each.value for each in WAITING])
            case "overdue":
                return queryset.filter(due_at__lt=timezone.now())
            case state if state in STATES:
                return queryset.filter(state=state)
        return queryset


@admin.register(Case)
class CaseAdmin(Desk):
    list_display = ("number", "what", "customer", "in_words", "waits", "due", "owner_name", "opened_at")
    list_filter = (CaseStateFilter, OwnerFilter, "category__code")
    list_select_related = ("category", "account", "owner", "market", "membership__vehicle", "document")
    search_fields = ("number", "email", "account")
    search_help_text = "Case number, e-mail address or name"
    ordering = (F("due_at").asc(nulls_last=True), "-last_at", "-pk")
    fields = (
        *("number", "what", "about", "customer", "in_words", "owner_name", "waits", "due"),
        *("car", "document_link", "language", "opened_at", "closed_at", "blanked_at"),
    )
    nouns = ("taking", "answer", "assignment", "closing", "trips")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        sees_all = request.user.has_perm("support.view_every_case")  # type: ignore[union-attr]
        return rows if sees_all else rows.filter(category__is_billing=True)

    def get_urls(self) -> list[URLPattern]:
        files = self.admin_site.admin_view(self.file)
        return [path("<int:object_id>/files/<uuid:file>/", files, name="support_case_file"), *super().get_urls()]

    # The row

    @admin.display(description=gettext_lazy("category"), ordering="category__position")
    def what(self, row: Case) -> str:
        return row.category.name

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: Case) -> str:
        """A link to who has an account; who wrote signed out is known by an address that was confirmed."""
        known = words.link(row.account, row.account.email) if row.account else ""
        signed_out = _("%(email)s (written signed out)") % {"email": row.email} if row.email else ""
        return known or signed_out or _("nobody any more")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def in_words(self, row: Case) -> str:
        return str(STATES[row.state])

    @admin.display(description=gettext_lazy("waits"), ordering="waiting_since")
    def waits(self, row: Case) -> str:
        if row.waiting_since is None:
            return ""
        days = (timezone.now() - row.waiting_since).days
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}

    @admin.display(description=gettext_lazy("answer due"), ordering="due_at")
    def due(self, row: Case) -> str:
        if row.due_at is None:
            return ""
        said = words.moment(row.due_at, row.market.zone)
        return _("overdue since %(moment)s") % {"moment": said} if row.due_at < timezone.now() else said

    @admin.display(description=gettext_lazy("owner"), ordering="owner__email")
    def owner_name(self, row: Case) -> str:
        return row.owner.email if row.owner else _("nobody")

    @admin.display(description=gettext_lazy("car"))
    def car(self, row: Case) -> str:
        return words.link(row.membership.vehicle, str(row.membership.vehicle)) if row.membership else ""

    @admin.display(description=gettext_lazy("document"))
    def document_link(self, row: Case) -> str:
        return words.link(row.document, row.document.number) if row.document else ""

    # What stands below it

    def panels(self, request: HttpRequest, row: Case) -> list[Panel]:
        return [self._thread(row), self._timeline(row)]

    def _thread(self, row: Case) -> Panel:
        def url_of(file: Attachment) -> str:
            return reverse("admin:support_case_file", args=[row.pk, file.public_id])

        rows: list[Sequence[Any]] = [
            [
                words.moment(entry.at, row.market.zone),
                _("customer centre") if entry.is_from_staff else name_of(row) or _("customer"),
                linebreaksbr(entry.text),
                format_html_join(
                    ", ",
                    '<a href="{}">{}</a> {}',
                    ((each.url, each.name, filesizeformat(each.size)) for each in entry.files),
                ),
            ]
            for entry in thread_of(row, url_of)
        ]
        return Panel(title=_("Messages"), headings=[_("When"), _("From"), _("Text"), _("Files")], rows=rows)

    def _timeline(self, row: Case) -> Panel:
        about = AuditRecord.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk)
        rows: list[Sequence[Any]] = [
            [
                words.moment(record.at, row.market.zone),
                record.what,
                ", ".join(record.data[name] for name in ("owner", "reason") if record.data.get(name)),
                record.by.email if record.by else _("the portal itself"),
            ]
            for record in about.select_related("by").order_by("-pk")
        ]
        return Panel(title=_("Timeline"), headings=[_("When"), _("What"), _("Details"), _("By whom")], rows=rows)

    def file(self, request: HttpRequest, object_id: int, file: UUID) -> HttpResponse:
        """Always a download. Who takes it has read the case."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        self.note_read(request, row)
        return download(file_or_404(row, file))

    # Operations

    def buttons(self, request: HttpRequest, row: Case) -> list[Button]:
        return [*self._operations(request, row), *sight_buttons(self, request, row)]

    def trips(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """K1: while the customer's leave for this case holds."""
        if not self.has_view_permission(request) or not may_see_trips(request):
            raise PermissionDenied
        return sight_page(self, request, get_object_or_404(self.get_queryset(request), pk=object_id))

    def _operations(self, request: HttpRequest, row: Case) -> list[Button]:
        if row.is_closed or not self.may_operate(request):
            return []
        buttons = [
            Button(label=_("Answer"), url=self.url_of(row, "answer")),
            Button(label=_("Hand it over"), url=self.url_of(row, "assignment")),
            Button(label=_("Close the case"), url=self.url_of(row, "closing")),
        ]
        if row.owner_id == request.user.pk:
            return buttons
        return [Button(label=_("Take it"), url=self.url_of(row, "taking")), *buttons]

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Case = self.row_to_operate_on(request, object_id)
        canned = texts_of(row.market)
        chosen = next((text for text in canned if text.code == request.GET.get("text")), None)
        form = AnswerForm(request.POST or None, initial={"text": filled(chosen, row) if chosen else ""})
        effect = [(_("The customer wrote"), linebreaksbr(_last_words(row))), (_("Canned texts"), _links(canned))]

        def act(staff: Account, text: str) -> None:
            cases.answer(case=row, text=text, now=timezone.now(), by=staff)

        said = _("The answer is with the customer.")
        return self._operation(request, row, form=form, act=act, title=_("Answer"), said=said, effect=effect)

    def taking(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Case = self.row_to_operate_on(request, object_id)
        form = forms.Form(request.POST if request.method == "POST" else None)

        def act(staff: Account) -> None:
            cases.hand_over(case=row, owner=staff, reason="", now=timezone.now(), by=staff)

        return self._operation(request, row, form=form, act=act, title=_("Take it"), said=_("The case is yours."))

    def assignment(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Case = self.row_to_operate_on(request, object_id)
        form = AssignForm(request.POST or None, staff=_those_who_may(row), initial={"owner": row.owner})

        def act(staff: Account, owner: Account | None, reason: str) -> None:
            cases.hand_over(case=row, owner=owner, reason=reason, now=timezone.now(), by=staff)

        said = _("The case has its owner.")
        return self._operation(request, row, form=form, act=act, title=_("Hand it over"), said=said)

    def closing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Case = self.row_to_operate_on(request, object_id)
        form = ReasonForm(request.POST or None)

        def act(staff: Account, reason: str) -> None:
            cases.close(case=row, reason=reason, now=timezone.now(), by=staff)

        said = _("The case is closed, and the customer is told.")
        return self._operation(request, row, form=form, act=act, title=_("Close the case"), said=said)

    def _operation(
        self,
        request: HttpRequest,
        row: Case,
        *,
        form: forms.Form,
        act: Callable[..., None],
        title: str,
        said: str,
        effect: Sequence[tuple[str, Any]] = (),
    ) -> HttpResponse:
        try:
            cases.check_open(row)
            if form.is_valid():
                act(request.user, **form.cleaned_data)
                return self.done(request, row, said)
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        facts = [(_("Case"), row.number), (_("Customer"), self.customer(row)), (_("Category"), row.category.name)]
        return self.operation_page(request, row, title=title, effect=[*facts, *effect], form=form, label=title)


@admin.register(CaseCategory)
class CaseCategoryAdmin(ListAdmin):
    """What `load_contact` brings in; a change here would be lost at its next load."""

    is_short = True
    list_display = ("code", "market", "names", "due_days", "is_billing", "is_offered")
    ordering = ("market", "position")


@admin.register(CannedText)
class CannedTextAdmin(ListAdmin):
    is_short = True
    list_display = ("code", "market", "titles")
    ordering = ("market", "position")


def _last_words(row: Case) -> str:
    message = row.messages.filter(is_from_staff=False).order_by("-pk").first()
    return message.text if message else ""


def _links(canned: list[CannedText]) -> Any:
    """Each fills the answer anew, so they stand before it."""
    return format_html_join(" · ", '<a href="?text={}">{}</a>', ((text.code, str(text)) for text in canned))


def _those_who_may(row: Case) -> QuerySet[Account]:
    """Staff who may answer this case: by their role, or as a superuser."""
    found = Account.objects.filter(is_staff=True, is_active=True)
    needed = ["change_case"] if row.category.is_billing else ["change_case", "view_every_case"]
    for codename in needed:
        permission = Permission.objects.filter(codename=codename, content_type__app_label="support")
        may = Q(is_superuser=True) | Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
        found = found.filter(may)
    return found.order_by("email").distinct()
