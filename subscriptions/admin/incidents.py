"""Incidents and maintenance: editors and administrators write them, the customer centre reads them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from portal.desk.export import ExportsList
from portal.desk.forms import PLAIN_FIELDS
from subscriptions.actions.incidents import write_incident
from subscriptions.forms.incidents import TEXT_FIELDS, TITLE_FIELDS, IncidentForm
from subscriptions.models import ServiceIncident


@admin.register(ServiceIncident)
class ServiceIncidentAdmin(ExportsList, admin.ModelAdmin):
    """What is over stays: it is ended by a date, not by deleting it."""

    form = IncidentForm
    list_display = ("shown_title", "kind", "began_at", "ends_at")
    list_filter = ("kind", "markets", "packages")
    ordering = ("-began_at", "-pk")
    actions = None
    formfield_overrides = PLAIN_FIELDS

    @admin.display(description="title")
    def shown_title(self, row: ServiceIncident) -> str:
        return row.title

    def get_fieldsets(self, request: HttpRequest, obj: ServiceIncident | None = None) -> Any:
        facts = ("kind", "began_at", "ends_at", "packages", "services", "markets")
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": (*facts, "titles", "texts")}),)
        words = [name for language in TITLE_FIELDS for name in (TITLE_FIELDS[language], TEXT_FIELDS[language])]
        return ((None, {"fields": facts}), ("Words", {"fields": words}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceIncident]:
        return super().get_queryset(request).distinct()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may change one may begin one: no role adds rows of anything else."""
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ServiceIncident | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ServiceIncident, form: ModelForm, change: bool) -> None:
        staff: Any = request.user
        asked = form.cleaned_data
        saved = write_incident(
            incident=obj if change else None,
            kind=asked["kind"],
            titles=form.titles,  # type: ignore[attr-defined]
            texts=form.texts,  # type: ignore[attr-defined]
            began_at=asked["began_at"],
            ends_at=asked["ends_at"],
            packages=asked["packages"],
            services=asked["services"],
            markets=asked["markets"],
            now=timezone.now(),
            by=staff,
        )
        obj.pk = saved.pk

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """The action has kept the packages, services and markets already."""
