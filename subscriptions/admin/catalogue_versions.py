"""The catalogue by days: what was loaded, from when it holds, and what a version to come changes for how many cars.

Versions are loaded by `manage.py load_catalogue`; here a file is only looked at before that.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.data_files import DataFileError
from portal.desk import Desk, Panel
from portal.free_text import WithoutCardNumbers
from portal.models import Market
from portal.templatetags.frame import day_in_words
from subscriptions import catalogue_words
from subscriptions.actions.catalogue import check_promises
from subscriptions.admin import words
from subscriptions.catalogue_file import CatalogueFile, read_catalogue
from subscriptions.catalogue_preview import Preview, preview_file, preview_version
from subscriptions.models import CatalogueVersion

LARGEST = 500_000


class CatalogueFileForm(WithoutCardNumbers, forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Catalogue file"),
        help_text=gettext_lazy("YAML, 500 kB at most. It is read and compared, and not kept."),
        max_length=200,
    )

    def clean_file(self) -> CatalogueFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 500 kB."), code="too_large")
        try:
            file = read_catalogue(upload.read().decode(), name=str(upload.name))
            check_promises(file)
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is no text in UTF-8."), code="no_text") from error
        except DataFileError as error:
            raise forms.ValidationError(str(error).splitlines(), code="wrong") from error
        return file


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(Desk):
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
        """What a file would change, before it is loaded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CatalogueFileForm(request.POST or None, files=request.FILES or None)
        file = form.cleaned_data["file"] if form.is_valid() else None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Preview of a catalogue file"),
            "row_name": _("Preview of a catalogue file"),
            "form": form,
            "panels": panels_of(preview_file(file), file.market) if file else [],
        }
        return TemplateResponse(request, "admin/subscriptions/catalogue_preview.html", context)


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
