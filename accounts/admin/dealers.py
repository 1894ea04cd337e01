"""Dealers and the towns around them: what `load_dealers` brings in (A4)."""

from django.contrib import admin

from accounts.models import Dealer, Town
from portal.admin import ListAdmin


@admin.register(Dealer)
class DealerAdmin(ListAdmin):
    is_short = True
    list_display = ("name", "market", "town", "postcode", "telephone", "is_active")
    list_filter = ("market", "is_active")
    list_select_related = ("market", "town")
    search_fields = ("name", "code", "postcode", "search_text")
    ordering = ("market", "name")


@admin.register(Town)
class TownAdmin(ListAdmin):
    is_short = True
    list_display = ("code", "market", "name", "postcodes")
    list_select_related = ("market",)
    ordering = ("market", "code")
