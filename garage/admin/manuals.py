"""Owner manuals at the desk (G8): upload one, bring a new edition, say which cars it is for."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from garage.actions.manuals import change_manual, publish_edition, publish_manual
from garage.forms.manuals import EditionForm, ManualChangeForm, ManualForm
from garage.manuals import sent
from garage.models import Manual
from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal

FILE_CODES = frozenset({"not_a_pdf", "pdf_locked", "pdf_runs_code", "file_too_large", "same_file"})


@admin.register(Manual)
class ManualAdmin(Desk):
    is_short = True
    list_display = ("title", "language", "models", "first_year", "last_year", "generation", "newest", "is_active")
    list_filter = ("market", "language", "generation", "is_active")
    search_fields = ("title",)
    ordering = ("market", "title", "language", "-first_year")
    fields = ("market", "title", "language", "models", "first_year", "last_year", "generation", "is_active")
    readonly_fields = ("models",)
    nouns = ("edition", "facts", "file")
    change_list_template = "admin/garage/manuals.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manual]:
        rows = super().get_queryset(request).select_related("market")
        return rows.annotate(newest_at=Max("editions__uploaded_at"))

    def get_urls(self) -> list[URLPattern]:
        new = path("new/", self.admin_site.admin_view(self.new), name="garage_manual_new")
        return [new, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "may_upload": self.may_operate(request)})

    @admin.display(description="models")
    def models(self, row: Manual) -> str:
        return ", ".join(row.for_models)

    @admin.display(description="newest edition", ordering="newest_at")
    def newest(self, row: Any) -> Any:
        return row.newest_at

    def panels(self, request: HttpRequest, row: Manual) -> list[Panel]:
        """All that were uploaded: those that were replaced stay."""
        editions = row.editions.select_related("uploaded_by").order_by("-number")
        rows = [(one.number, one.uploaded_at, one.uploaded_by or "", one.pages, one.size) for one in editions]
        headings = (_("number"), _("uploaded"), _("by"), _("pages"), _("bytes"))
        return [Panel(title=_("Editions"), headings=headings, rows=rows)]

    def buttons(self, request: HttpRequest, row: Manual) -> list[Button]:
        offered = [("file", _("Download"))]
        if self.may_operate(request):
            offered += [("edition", _("New edition")), ("facts", _("Change what it is for"))]
        return [Button(label=label, url=self.url_of(row, noun)) for noun, label in offered]

    def new(self, request: HttpRequest) -> HttpResponse:
        if not self.may_operate(request):
            raise PermissionDenied
        form = ManualForm(**_posted(request))
        row = self._publish(request, form)
        if row:
            messages.success(request, _("The manual is offered."))
            return HttpResponseRedirect(self.url_of(row, "change"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New manual"),
            "row_name": _("New manual"),
            "row_url": reverse("admin:garage_manual_changelist"),
            "effect": [(_("Then"), _("owners of these cars find it at once"))],
            "form": form,
            "label": _("Upload"),
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)

    def edition(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Manual = self.row_to_operate_on(request, object_id)
        form = EditionForm(**_posted(request))
        if form.is_valid():
            try:
                file = form.cleaned_data["file"]
                publish_edition(manual=row, file=file, now=timezone.now(), by=request.user)  # type: ignore[arg-type]
                return self.done(request, row, _("The new edition is offered; the one before is kept."))
            except Refusal as refusal:
                form.add_error("file", str(refusal))
        effect = [
            (_("Manual"), row),
            (_("Then"), _("it takes the place of the one before, which stays for whoever wants it")),
        ]
        title = _("New edition")
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=_("Upload"))

    def facts(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Manual = self.row_to_operate_on(request, object_id)
        form = ManualChangeForm(_posted(request)["data"], initial=_written(row))
        if form.is_valid():
            try:
                offered = form.cleaned_data["is_active"]
                by: Any = request.user
                change_manual(manual=row, facts=form.facts, is_active=offered, now=timezone.now(), by=by)
                return self.done(request, row, _("Changed."))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
        effect = [(_("Manual"), row), (_("Then"), _("owners of these cars find it, and nobody else"))]
        title = _("Change what it is for")
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=_("Save"))

    def file(self, request: HttpRequest, object_id: int) -> Any:
        """The newest edition, for whoever may see the row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(object_id))
        edition = row and row.editions.select_related("manual").order_by("-number").first()
        if not edition:
            messages.error(request, _("There is no file."))
            return HttpResponseRedirect(reverse("admin:garage_manual_changelist"))
        return sent(request, edition)

    def _publish(self, request: HttpRequest, form: ManualForm) -> Manual | None:
        if not form.is_valid():
            return None
        try:
            by: Any = request.user
            return publish_manual(facts=form.facts, file=form.cleaned_data["file"], now=timezone.now(), by=by)
        except Refusal as refusal:
            form.add_error("file" if refusal.code in FILE_CODES else None, str(refusal))
            return None


def _posted(request: HttpRequest) -> dict[str, Any]:
    is_sent = request.method == "POST"
    return {"data": request.POST if is_sent else None, "files": request.FILES if is_sent else None}


def _written(row: Manual) -> dict[str, object]:
    names = ("market", "title", "language", "first_year", "last_year", "generation", "is_active")
    return {name: getattr(row, name) for name in names} | {"for_models": "\n".join(row.for_models)}
