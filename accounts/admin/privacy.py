"""Consents, exports and closed accounts (D1, A6): to read, for staff whom a customer asks."""

from django.contrib import admin

from accounts.models import Closing, ConsentChange, ConsentWording, DataExport
from portal.admin import ListAdmin


@admin.register(ConsentWording)
class ConsentWordingAdmin(ListAdmin):
    """What `load_consents` brings in; words that a customer has answered stay as they are."""

    is_short = True
    list_display = ("market", "purpose", "version", "effective_at")
    list_filter = ("market", "purpose")
    list_select_related = ("market",)
    ordering = ("purpose", "-effective_at")


@admin.register(ConsentChange)
class ConsentChangeAdmin(ListAdmin):
    list_display = ("account", "purpose", "is_given", "at", "channel")
    list_filter = ("purpose", "is_given", "channel")
    list_select_related = ("account",)
    search_fields = ("account",)
    ordering = ("-pk",)


@admin.register(DataExport)
class DataExportAdmin(ListAdmin):
    """How far it is, and no file: it is for its owner alone."""

    list_display = ("account", "requested_at", "done", "total", "moved_at", "ready_at", "ended_at")
    list_filter = (("ready_at", admin.EmptyFieldListFilter), ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("account",)
    ordering = ("-pk",)
    exclude = ("file", "claimed_by")


@admin.register(Closing)
class ClosingAdmin(ListAdmin):
    """Found by the address that it had, as long as something of it is open."""

    list_display = ("account", "mail_to", "closed_at", "completed_at")
    list_filter = (("completed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account",)
    search_fields = ("account", "mail_to")
    ordering = ("-pk",)
