"""Ordered cars at the desk: for the customer centre to read, and the dealer's page of a delivery day (G4, K1)."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from garage.admin.workshop import of_their_dealer, span_of_days
from garage.delivery import TITLES, Delivery, deliveries_of
from garage.models import OrderedVehicle
from garage.rules.orders import READY
from portal.desk.pages import Desk, Panel


class DeliveryFilter(admin.SimpleListFilter):
    """Cars that are to be handed over, by the calendar of the market of whoever looks."""

    title = "delivery"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "This week"), ("next", "Next week")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderedVehicle]) -> QuerySet[OrderedVehicle]:
        today: date = request.user.market.local_date(timezone.now())  # type: ignore[union-attr]
        span = span_of_days(self.value() or "", today=today)
        return queryset.filter(expected_on__gte=span[0], expected_on__lt=span[1]) if span else queryset


@admin.register(OrderedVehicle)
class OrderedVehicleAdmin(Desk):
    """What `import_orders` brings in. A dealer sees its own, each with the checklist of its delivery."""

    list_display = ("order_number", "expected_on", "model", "customer", "stage", "ready", "vin", "dealer")
    list_filter = (DeliveryFilter, "stage", "market")
    list_select_related = ("market", "dealer", "account", "membership__vehicle", "membership__account__market")
    list_per_page = 50
    search_fields = ("order_number", "email", "vin")
    ordering = ("-updated_at", "-pk")
    fields = ("order_number", "market", "dealer", "customer", "model", "stage", "expected_on", "vin", "updated_at")
    readonly_fields = ("customer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderedVehicle]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return of_their_dealer(request.user, rows, workshop="dealer__workshop")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The checklists of the whole page at once."""
        changelist: Any = super().get_changelist_instance(request)
        changelist.result_list = self.prepared(list(changelist.result_list))
        return changelist

    def prepared(self, rows: list[Any]) -> list[Any]:
        for delivery in deliveries_of(rows, now=timezone.now()):
            delivery.order.delivery = delivery  # type: ignore[attr-defined]
        return rows

    @admin.display(description="customer", ordering="email")
    def customer(self, row: OrderedVehicle) -> str:
        name = row.account.get_full_name() if row.account else ""
        return f"{name} {row.email}".strip()

    @admin.display(description="ready")
    def ready(self, row: Any) -> str:
        delivery: Delivery = row.delivery
        done = f"{len(delivery.done)}/{len(READY)}"
        return done if delivery.is_ready else f"{done}: {TITLES[delivery.missing[0]]}?"

    def panels(self, request: HttpRequest, row: OrderedVehicle) -> list[Panel]:
        (delivery,) = deliveries_of([row], now=timezone.now())
        steps = [(TITLES[step], _("yes") if step in delivery.done else _("not yet")) for step in READY]
        stages = [(one.get_stage_display(), one.on) for one in row.stages.order_by("-on", "-pk")]
        return [
            Panel(title=_("Checklist of the delivery"), headings=(_("step"), _("done")), rows=steps),
            Panel(title=_("Stages"), headings=(_("stage"), _("day")), rows=stages),
        ]
