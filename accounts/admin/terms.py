"""Versions of the Terms of Use, and who accepted which (A2)."""

from django.contrib import admin

from accounts.models import TermsAcceptance, TermsVersion
from portal.admin import ReadOnly


@admin.register(TermsVersion)
class TermsVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("market", "version", "effective_at")
    list_select_related = ("market",)
    ordering = ("-effective_at",)


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("account", "version", "accepted_at", "channel")
    list_select_related = ("account", "version")
    search_fields = ("account__email",)
    ordering = ("-accepted_at",)
