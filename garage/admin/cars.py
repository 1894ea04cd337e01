"""The garage in the customer centre's admin, to find and to read: what changes a garage is an action, not a form."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from garage.actions.unblock import check_blocked, unblock_access

# They register their own.
from garage.admin import vehicle_page
from garage.admin.car_links import accounts_panel, tries_panel
from garage.admin.corrections import corrections_panel
from garage.admin.workshop import BookingAdmin, WorkshopAdmin
from garage.forms.cars import UnblockForm
from garage.models import AccessCheck, DriverAccess, RegistryEntry, Vehicle
from portal.admin import ListAdmin
from portal.desk.lists import SeenLately
from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal

__all__ = ["BookingAdmin", "WorkshopAdmin"]


@admin.register(Vehicle)
class VehicleAdmin(Desk):
    list_display = ("vin", "plate", "model", "powertrain", "multimedia", "market_code", "warranty_start", "added_at")
    list_filter = (("market_code", SeenLately), ("multimedia", SeenLately), "powertrain")
    search_fields = ("pk", "memberships__account")
    search_help_text = "VIN, registration plate, e-mail address or name"
    ordering = ("-pk",)
    show_full_result_count = False

    def customers_of(self, row: Any) -> Iterable[int]:
        """Everybody whose link with the car, or whose tries to prove access, the page shows."""
        linked = row.memberships.values_list("account_id", flat=True)
        return {*linked, *row.access_checks.values_list("account_id", flat=True)}

    def panels(self, request: HttpRequest, row: Vehicle) -> list[Panel]:
        corrections = [corrections_panel(row)] if row.corrections.exists() else []
        return [accounts_panel(row, request.user), tries_panel(row, request.user), *corrections]

    def buttons(self, request: HttpRequest, row: Vehicle) -> list[Button]:
        return [
            Button(label=page.label, url=self.url_of(row, noun))
            for noun, page in vehicle_page.PAGES.items()
            if request.user.has_perm(page.needs)  # type: ignore[union-attr]
        ]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:object_id>/{noun}/",
                self.admin_site.admin_view(self._noted(partial(self._page, page))),
                name=f"garage_vehicle_{noun}",
            )
            for noun, page in vehicle_page.PAGES.items()
        ]
        return own + super().get_urls()

    def _page(self, page: vehicle_page.Page, request: HttpRequest, object_id: int) -> HttpResponse:
        """Raises `PermissionDenied` without the right that the page needs."""
        if not all(request.user.has_perm(needed) for needed in ("garage.view_vehicle", page.needs)):  # type: ignore[union-attr]
            raise PermissionDenied
        return page.show(self, request, get_object_or_404(self.get_queryset(request), pk=object_id))


@admin.register(RegistryEntry)
class RegistryEntryAdmin(ListAdmin):
    list_display = ("vin", "plate", "model", "powertrain", "multimedia", "market_code", "odometer_at", "updated_at")
    list_filter = (("market_code", SeenLately), ("multimedia", SeenLately), "powertrain")
    search_fields = ("pk",)
    ordering = ("vin",)
    show_full_result_count = False
    # The reading proves access (V1): whoever could read it out to a caller would open the car to them.
    exclude = ("odometer_km",)


@admin.register(AccessCheck)
class AccessCheckAdmin(Desk):
    list_display = ("vehicle", "account", "wrong_tries", "blocked_at")
    list_filter = (("blocked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account", "vehicle")
    search_fields = ("vehicle", "account")
    ordering = ("-pk",)
    fields = ("vehicle", "account", "wrong_tries", "blocked_at")
    nouns = ("unblocking",)

    def name_of(self, row: AccessCheck) -> str:
        return f"{row.vehicle}, {row.account.email}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessCheck]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def panels(self, request: HttpRequest, row: AccessCheck) -> list[Panel]:
        made = row.unblockings.select_related("by").order_by("-unblocked_at")
        rows = [(one.blocked_at, one.unblocked_at, one.by.email, one.identity_checked_by, one.note) for one in made]
        headings = (_("blocked"), _("unblocked"), _("by"), _("identity checked by"), _("note"))
        return [Panel(title=_("Unblocked before"), headings=headings, rows=rows)]

    def buttons(self, request: HttpRequest, row: AccessCheck) -> list[Button]:
        if row.blocked_at is None or not self.may_operate(request):
            return []
        return [Button(label=_("Unblock"), url=self.url_of(row, "unblocking"))]

    def unblocking(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """V3: after the person's identity was checked, with a note."""
        row: AccessCheck = self.row_to_operate_on(request, object_id)
        form = UnblockForm(request.POST or None)
        try:
            check_blocked(row)
            if form.is_valid():
                unblock_access(access_check=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The car is unblocked for this account, which is told."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        title = _("Unblock")
        effect = [
            (_("Car"), row.vehicle),
            (_("Account"), row.account.email),
            (_("Blocked since"), row.blocked_at),
            (_("Then"), _("three tries at the odometer again; access is not proved by it")),
        ]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)


@admin.register(DriverAccess)
class DriverAccessAdmin(ListAdmin):
    list_display = ("vehicle", "owner", "email", "invited_at", "accepted_at", "last_on", "ended_at")
    list_select_related = ("vehicle", "owner")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("vehicle", "owner", "email")
    ordering = ("-pk",)
    show_full_result_count = False

    def customers_of(self, row: DriverAccess) -> list[int]:
        return [pk for pk in (row.owner_id, row.driver_id) if pk is not None]
