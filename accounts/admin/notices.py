"""What customers were told (N2)."""

from django.contrib import admin

from accounts.models import Notice
from portal.admin import ListAdmin


@admin.register(Notice)
class NoticeAdmin(ListAdmin):
    list_display = ("account", "kind", "subject_key", "event_on", "created_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("account__email", "subject_key")
    ordering = ("-created_at",)
