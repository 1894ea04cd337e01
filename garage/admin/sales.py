"""Cars that are sold, and profiles on head units, for staff whom a customer asks (L1, C6)."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from garage.models import MultimediaProfile, Sale
from portal.admin import ListAdmin
from portal.desk.pages import Desk, Panel


@admin.register(Sale)
class SaleAdmin(Desk):
    """The seller's side. Who bought stands nowhere here: it is nothing of the seller's (D4)."""

    list_display = ("car", "account", "begun_at", "called_off_at", "head_unit_declared_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter), ("called_off_at", admin.EmptyFieldListFilter))
    list_select_related = ("membership__account", "membership__vehicle")
    search_fields = ("membership__account", "membership__vehicle", "check_id")
    ordering = ("-pk",)
    fields = (
        *("account", "car", "begun_at", "left_at", "called_off_at"),
        *("head_unit_declared_at", "finished_at", "certificate"),
    )
    readonly_fields = fields

    def customers_of(self, row: Sale) -> list[int]:
        return [row.membership.account_id]

    def name_of(self, row: Sale) -> str:
        return f"{self.car(row)}, {self.account(row)}"

    @admin.display(ordering="membership__account__email")
    def account(self, row: Sale) -> str:
        return row.membership.account.email

    @admin.display
    def car(self, row: Sale) -> str:
        """With the plate that the seller knew."""
        vehicle = row.membership.vehicle
        return " ".join(part for part in (vehicle.model, row.plate, vehicle.vin) if part)

    @admin.display(description="left the garage")
    def left_at(self, row: Sale) -> str:
        return _in_words(row.membership.ended_at)

    @admin.display
    def certificate(self, row: Sale) -> str:
        return row.check_number

    def panels(self, request: HttpRequest, row: Sale) -> list[Panel]:
        codes = row.codes.order_by("issued_at").values_list("issued_at", "expires_at", "replaced_at", "used_at")
        headings = (_("issued"), _("good until"), _("replaced"), _("used"))
        rows = [[_in_words(moment) for moment in code] for code in codes]
        return [Panel(title=_("Transfer codes"), headings=headings, rows=rows)]


def _in_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "-"


@admin.register(MultimediaProfile)
class MultimediaProfileAdmin(ListAdmin):
    list_display = ("vehicle", "account", "linked_at", "source", "confirmed_at", "ended_at", "ended_source")
    list_filter = ("source", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("vehicle", "account")
    search_fields = ("account", "vehicle")
    ordering = ("-pk",)
    show_full_result_count = False
