"""The catalogue by days: what was loaded, from when it holds, and what a version to come changes for how many cars.

A version is loaded here, once it was looked at, or by `manage.py load_catalogue`.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Desk, Panel
from portal.files.data_files import DataFileError
from portal.models import Market
from portal.templatetags.frame import day_in_words
from subscriptions.actions.catalogue import load_catalogue
from subscriptions.admin import words
from subscriptions.admin.catalogue_forms import CatalogueFileForm, LoadForm, changes_shown
from subscriptions.catalogue import words as catalogue_words
from subscriptions.catalogue.file import CatalogueFile
from subscriptions.catalogue.preview import Preview, preview_file, preview_version
from subscriptions.confirming import is_what_was_shown
from subscriptions.models import CatalogueVersion


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(Desk):
    is_short = True
    change_list_template = "admin/subscriptions/catalogue_versions.html"
    list_display = ("market", "starts", "state", "loaded", "in_force")
    list_filter = ("market",)
    list_select_related = ("market",)
    ordering = ("-effective_on", "-pk")
    fields = ("market", "starts", "state", "loaded", "in_force", "file")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CatalogueVersion]:
        return super().get_queryset(request).select_related("market__brand")

    def get_urls(self) -> list[URLPattern]:
        own = path("preview/", self.admin_site.admin_view(self.preview), name="subscriptions_catalogueversion_preview")
        return [own, *super().get_urls()]

    def name_of(self, row: CatalogueVersion) -> str:
        return f"{row.market}, {day_in_words(row.effective_on)}"

    @admin.display(description=gettext_lazy("from"), ordering="effective_on")
    def starts(self, row: CatalogueVersion) -> str:
        return day_in_words(row.effective_on)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: CatalogueVersion) -> str:
        if row == CatalogueVersion.objects.of_day(row.market, row.market.local_date(timezone.now())):
            return _("in force") if row.in_force_at else _("comes into force now")
        return _("to come") if _is_to_come(row) else _("over, or replaced")

    @admin.display(description=gettext_lazy("loaded"), ordering="loaded_at")
    def loaded(self, row: CatalogueVersion) -> str:
        return words.moment(row.loaded_at, row.market.zone)

    @admin.display(description=gettext_lazy("in force since"), ordering="in_force_at")
    def in_force(self, row: CatalogueVersion) -> str:
        return words.moment(row.in_force_at, row.market.zone) if row.in_force_at else ""

    @admin.display(description=gettext_lazy("file"))
    def file(self, row: CatalogueVersion) -> str:
        return format_html("<pre>{}</pre>", row.content)

    def panels(self, request: HttpRequest, row: CatalogueVersion) -> list[Panel]:
        if not _is_to_come(row):
            return []
        try:
            return panels_of(preview_version(row), row.market)
        except DataFileError as error:
            faults = [[line] for line in str(error).splitlines()]
            return [Panel(title=_("It cannot come into force"), headings=[_("What is wrong")], rows=faults)]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What a file would change, before it is loaded; then it is loaded as it was shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if "catalogue" in request.POST:
            return self._load(request)
        form = CatalogueFileForm(request.POST or None, files=request.FILES or None)
        if not form.is_valid():
            return self._preview_page(request, form=form)
        file: CatalogueFile = form.cleaned_data["file"]
        shown = preview_file(file)
        return self._preview_page(request, form=form, file=file, shown=shown, loading=LoadForm.of(file, shown))

    def _load(self, request: HttpRequest) -> HttpResponse:
        if not self.may_operate(request):
            raise PermissionDenied
        loading = LoadForm(request.POST)
        is_confirmed = loading.is_valid()
        file: CatalogueFile | None = loading.cleaned_data.get("catalogue")
        if file is None:
            return self._preview_page(request, form=CatalogueFileForm(), problems=loading.errors.get("catalogue"))
        shown = preview_file(file)
        # Sent twice, the second time finds nothing left to change.
        is_done = not shown.changes
        if is_confirmed and (is_done or is_what_was_shown(loading.cleaned_data["shown"], changes_shown(shown))):
            return self._loaded(request, file, reason=loading.cleaned_data["reason"])
        if is_confirmed:
            messages.warning(request, _("Something has changed since this page was made. Please look again."))
            loading = LoadForm.of(file, shown, reason=loading.cleaned_data["reason"])
        return self._preview_page(request, form=CatalogueFileForm(), file=file, shown=shown, loading=loading)

    def _loaded(self, request: HttpRequest, file: CatalogueFile, *, reason: str) -> HttpResponse:
        try:
            loaded = load_catalogue(file, now=timezone.now(), by=request.user, reason=reason)  # type: ignore[arg-type]
        except DataFileError as error:
            return self._preview_page(request, form=CatalogueFileForm(), problems=str(error).splitlines())
        sentence = _("It is kept, and comes into force on its day.") if loaded.is_ahead else _("It is in force.")
        return self.done(request, loaded.version, sentence)

    def _preview_page(
        self,
        request: HttpRequest,
        *,
        form: CatalogueFileForm,
        file: CatalogueFile | None = None,
        shown: Preview | None = None,
        loading: LoadForm | None = None,
        problems: Sequence[Any] | None = None,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("A catalogue file"),
            "row_name": _("A catalogue file"),
            "form": form,
            "problems": problems or [],
            "panels": [_begins(file), *panels_of(shown, file.market)] if file and shown else [],
            "loading": loading if self.may_operate(request) else None,
        }
        return TemplateResponse(request, "admin/subscriptions/catalogue_preview.html", context)


def _begins(file: CatalogueFile) -> Panel:
    day = file.effective_on or file.market.local_date(timezone.now())
    return Panel(title=_("The file"), headings=[_("Market"), _("From")], rows=[[file.market, day_in_words(day)]])


def panels_of(preview: Preview, market: Market) -> list[Panel]:
    return [
        Panel(
            title=_("What it changes"),
            headings=catalogue_words.CHANGE_HEADINGS,
            rows=catalogue_words.change_rows(preview, market),
        ),
        Panel(
            title=_("For how many cars and contracts"),
            headings=catalogue_words.EFFECT_HEADINGS,
            rows=catalogue_words.effect_rows(preview),
        ),
        Panel(title=_("In all"), headings=[_("What"), _("How many")], rows=catalogue_words.summary(preview)),
    ]


def _is_to_come(row: CatalogueVersion) -> bool:
    today = row.market.local_date(timezone.now())
    return row in CatalogueVersion.objects.to_come(row.market, today)
