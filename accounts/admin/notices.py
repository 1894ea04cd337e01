"""What customers were told (N2)."""

from django.contrib import admin

from accounts.models import Notice
from portal.admin import ListAdmin
from portal.desk.lists import SeenLately


@admin.register(Notice)
class NoticeAdmin(ListAdmin):
    list_display = ("account", "kind", "subject_key", "event_on", "created_at", "read_at")
    list_filter = (("kind", SeenLately),)
    list_select_related = ("account",)
    search_fields = ("account",)
    ordering = ("-pk",)
