"""Maps, for staff whom a customer asks (C6)."""

from django.contrib import admin

from garage.models import MapRelease, MapUpdate
from portal.admin import ListAdmin


@admin.register(MapRelease)
class MapReleaseAdmin(ListAdmin):
    """What `load_maps` brings in."""

    is_short = True
    list_display = ("generation", "version", "season", "year", "market", "released_on", "is_over_the_air", "is_active")
    list_filter = ("market", "generation", "is_active")
    list_select_related = ("market",)
    ordering = ("market", "generation", "-released_on")


@admin.register(MapUpdate)
class MapUpdateAdmin(ListAdmin):
    list_display = ("vehicle", "account", "release", "state", "requested_at", "sent_at", "ended_at")
    list_filter = ("state", "release__generation")
    list_select_related = ("vehicle", "account", "release")
    search_fields = ("account", "vehicle")
    ordering = ("-pk",)
    show_full_result_count = False
