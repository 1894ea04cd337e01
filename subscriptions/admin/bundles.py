"""A month's documents of a legal entity, prepared by the worker and downloaded by who asked for them (I1)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Desk
from portal.models import LegalEntity
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.bundle import bundle_month
from subscriptions.admin.forms import ReasonForm
from subscriptions.models import DocumentBundle
from subscriptions.papers.downloads import bundle_file


class MonthForm(ReasonForm):
    legal_entity = forms.ModelChoiceField(LegalEntity.objects.order_by("name"), label=gettext_lazy("Legal entity"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2999)
    month = forms.TypedChoiceField(label=gettext_lazy("Month"), choices=MONTHS.items(), coerce=int)
    field_order = ["legal_entity", "year", "month", "reason"]


@admin.register(DocumentBundle)
class DocumentBundleAdmin(Desk):
    """The customers' own bundles are theirs, and not listed."""

    is_short = True
    change_list_template = "admin/subscriptions/bundles.html"
    list_display = ("file_name", "legal_entity", "state", "requested_by", "requested_at", "expires_at")
    list_filter = ("legal_entity", "year")
    list_select_related = ("legal_entity", "requested_by")
    ordering = ("-requested_at", "-pk")
    fields = ("file_name", "legal_entity", "state", "requested_by", "requested_at", "moved_at", "expires_at")
    nouns = ("zip",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentBundle]:
        return (
            super().get_queryset(request).filter(legal_entity__isnull=False).select_related(*self.list_select_related)
        )

    def get_urls(self) -> list[URLPattern]:
        ask = path("month/", self.admin_site.admin_view(self.month), name="subscriptions_documentbundle_month")
        return [ask, *super().get_urls()]

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: DocumentBundle) -> str:
        if not row.is_ready:
            return _("%(done)s of %(total)s documents") % {"done": row.done, "total": row.total}
        if timezone.now() >= row.expires_at:
            return _("expired")
        return _("ready, %(total)s documents") % {"total": row.total}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_operate": self.may_operate(request), **(extra_context or {})})

    def buttons(self, request: HttpRequest, row: DocumentBundle) -> list[Button]:
        if row.requested_by_id != request.user.pk:
            return []
        if row.is_ready:
            return [Button(label=_("Download the ZIP"), url=self.url_of(row, "zip"))]
        return [Button(label=_("Look again"), url=self.url_of(row, "change"))]

    def month(self, request: HttpRequest) -> HttpResponse:
        """Asks for it: which month of whom, and why."""
        if not self.may_operate(request):
            raise PermissionDenied
        today = timezone.localdate()
        form = MonthForm(request.POST or None, initial={"year": today.year, "month": today.month})
        if form.is_valid():
            try:
                row = bundle_month(now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The documents are being prepared."))
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
        title = _("Prepare a month’s documents")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "row_name": self.opts.verbose_name_plural,
            "row_url": reverse("admin:subscriptions_documentbundle_changelist"),
            "effect": [
                (_("Prepared"), _("a ZIP with PDF and XML of each invoice and credit note of the month")),
                (_("Who can download it"), request.user.get_username()),
                (_("Today is"), day_in_words(today)),
            ],
            "form": form,
            "label": title,
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)

    def zip(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """For who asked for it alone."""
        row: DocumentBundle = self.row_to_operate_on(request, object_id)
        if row.requested_by_id != request.user.pk:
            raise PermissionDenied
        try:
            return bundle_file(row, by=row.requested_by, now=timezone.now())
        except Refusal as refusal:
            return self.refused(request, row, refusal)
