"""Who may read data of cars, and who read what, for staff whom a customer asks (D3)."""

from django.contrib import admin

from garage.models import DataAccess, DataGrant, ThirdParty
from portal.admin import ListAdmin


@admin.register(ThirdParty)
class ThirdPartyAdmin(ListAdmin):
    """What `load_third_parties` brings in."""

    is_short = True
    list_display = ("name", "market", "client", "is_active")
    list_filter = ("market", "is_active")
    list_select_related = ("market", "client")
    ordering = ("market", "name")


@admin.register(DataGrant)
class DataGrantAdmin(ListAdmin):
    list_display = ("account", "vehicle", "third_party", "kinds", "granted_at", "ends_on", "ended_at", "ended_why")
    list_filter = ("third_party", "ended_why")
    list_select_related = ("account", "vehicle", "third_party")
    search_fields = ("account", "vehicle")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(DataAccess)
class DataAccessAdmin(ListAdmin):
    list_display = ("at", "third_party", "account", "kinds", "rows")
    list_filter = ("grant__third_party",)
    list_select_related = ("grant__account", "grant__third_party")
    search_fields = ("grant__account", "grant__vehicle")
    ordering = ("-pk",)
    show_full_result_count = False

    def customers_of(self, row: DataAccess) -> list[int]:
        return [row.grant.account_id]

    @admin.display(ordering="grant__third_party")
    def third_party(self, row: DataAccess) -> str:
        return row.grant.third_party.name

    @admin.display(ordering="grant__account")
    def account(self, row: DataAccess) -> str:
        return row.grant.account.email
