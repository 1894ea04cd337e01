"""The garage in the customer centre's admin, to find and to read: what changes a garage is an action, not a form."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest

from garage.models import AccessCheck, DriverAccess, Membership, RegistryEntry, Vehicle
from garage.rules import vin as vin_rules
from portal.admin import ReadOnly


class CarSearch:
    """A VIN or plate is found as it is read out: in lower case, with spaces and dashes."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        term = search_term if "@" in search_term else vin_rules.clean(search_term)
        return super().get_search_results(request, queryset, term)  # type: ignore[misc]


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership
    fields = ("account", "nickname", "linked_at", "verified_at", "driver_since", "is_active", "is_selected", "ended_at")
    readonly_fields = fields
    ordering = ("-linked_at",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("account", "vehicle")


class AccessCheckInline(ReadOnly, admin.TabularInline):
    model = AccessCheck
    fields = ("account", "wrong_tries", "blocked_at")
    readonly_fields = fields
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessCheck]:
        return super().get_queryset(request).select_related("account", "vehicle")


@admin.register(Vehicle)
class VehicleAdmin(ReadOnly, CarSearch, admin.ModelAdmin):
    list_display = ("vin", "plate", "model", "powertrain", "multimedia", "market_code", "warranty_start", "added_at")
    list_filter = ("market_code", "multimedia", "powertrain")
    search_fields = ("vin", "plate", "memberships__account__email")
    search_help_text = "VIN, registration plate or the e-mail address of an account"
    ordering = ("-added_at",)
    show_full_result_count = False
    inlines = (MembershipInline, AccessCheckInline)


@admin.register(RegistryEntry)
class RegistryEntryAdmin(ReadOnly, CarSearch, admin.ModelAdmin):
    list_display = ("vin", "plate", "model", "powertrain", "multimedia", "market_code", "odometer_at", "updated_at")
    list_filter = ("market_code", "multimedia", "powertrain")
    search_fields = ("vin", "plate")
    ordering = ("vin",)
    show_full_result_count = False
    # The reading proves access (V1): whoever could read it out to a caller would open the car to them.
    exclude = ("odometer_km",)


@admin.register(AccessCheck)
class AccessCheckAdmin(ReadOnly, CarSearch, admin.ModelAdmin):
    list_display = ("vehicle", "account", "wrong_tries", "blocked_at")
    list_filter = (("blocked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account", "vehicle")
    search_fields = ("vehicle__vin", "vehicle__plate", "account__email")
    ordering = (F("blocked_at").desc(nulls_last=True), "-pk")
    show_full_result_count = False


@admin.register(DriverAccess)
class DriverAccessAdmin(ReadOnly, CarSearch, admin.ModelAdmin):
    list_display = ("vehicle", "owner", "email", "invited_at", "accepted_at", "last_on", "ended_at")
    list_select_related = ("vehicle", "owner")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("vehicle__vin", "vehicle__plate", "owner__email", "email")
    ordering = ("-invited_at", "-pk")
    show_full_result_count = False
