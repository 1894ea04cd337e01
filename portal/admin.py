"""Shared things in the admin: read-only rows, and the outbox with its parked mails."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import outbox
from portal.desk import reads
from portal.desk.export import ExportsList
from portal.desk.lists import BoundedPaginator, SeenLately, SortsByIndex
from portal.desk.search import SearchesByIndex
from portal.models import Brand, LegalEntity, Market, OutboxMessage, VatRate


class NotesReads:
    """For admins of rows that are about a customer: who opens a row's page is on record, and the customer sees it."""

    def customers_of(self, row: Any) -> Iterable[int]:
        """Ids of the accounts whom the page is about. What is nobody's has none."""
        return reads.customers_of(row)

    def note_read(self, request: HttpRequest, row: Model) -> None:
        now = timezone.now()
        reads.note_read(subject=row, accounts=self.customers_of(row), by=request.user, now=now)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if context.get("original") is not None:
            self.note_read(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]


class ReadOnly(NotesReads):
    """For admins and inlines of rows that only actions and loaders write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A relation to a page that this role may not open stands in words: no link leads to a 403."""
        groups = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if not isinstance(self, admin.ModelAdmin):
            # An inline makes a form of its fields, where words are none.
            return groups
        return [
            (title, group | {"fields": [self._seen(request, each) for each in group["fields"]]})
            for title, group in groups
        ]

    def _seen(self, request: HttpRequest, name: Any) -> Any:
        if isinstance(name, tuple):
            return tuple(self._seen(request, each) for each in name)
        relation = {field.name: field for field in self.opts.fields if field.remote_field}.get(name)  # type: ignore[attr-defined]
        page = self.admin_site._registry.get(relation.related_model) if relation else None  # type: ignore[attr-defined]
        return name if page is None or page.has_view_permission(request) else _in_words(relation)


class ListAdmin(ExportsList, SearchesByIndex, SortsByIndex, ReadOnly, admin.ModelAdmin):
    """A list and its rows, to read; what the list shows can be exported (`portal/desk/export.py`)."""

    # What the brand itself makes: no customer adds a line to it, so any way of searching and sorting it is quick.
    is_short = False
    paginator = BoundedPaginator
    show_full_result_count = False
    # Each would count all rows of its kind.
    show_facets = admin.ShowFacets.NEVER


@cache
def _in_words(relation: Any) -> Callable[[Model], str]:
    @admin.display(description=relation.verbose_name)
    def words(row: Model) -> str:
        return str(getattr(row, relation.name) or "-")

    return words


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnly, GroupAdmin):
    """What `load_roles` makes of the table in `portal/roles.py`; a change here would be lost at its next run."""


@admin.register(Brand, LegalEntity)
class DataFileAdmin(ListAdmin):
    """What `load_brand` brings in: the file is the source, and a change here would be lost at its next load."""

    is_short = True
    list_display = ("code", "name")


@admin.register(Market)
class MarketAdmin(ListAdmin):
    is_short = True
    list_display = ("code", "name", "currency", "vat_rate", "time_zone", "is_default", "sells_in_portal")


@admin.register(VatRate)
class VatRateAdmin(ListAdmin):
    is_short = True
    list_display = ("country", "valid_from", "rate", "category", "reason", "source")
    ordering = ("country", "-valid_from")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ListAdmin):
    """Home leads to those that are parked. The payload stays hidden: an unsent mail holds links that let people in."""

    list_display = ("handler", "dedup_key", "state", "attempts", "created_at", "due_at", "last_error")
    list_filter = (
        ("parked_at", admin.EmptyFieldListFilter),
        ("done_at", admin.EmptyFieldListFilter),
        ("handler", SeenLately),
    )
    search_fields = ("dedup_key",)
    ordering = ("-pk",)
    exclude = ("payload",)
    actions = ("try_again",)

    @admin.display(description=gettext_lazy("state"))
    def state(self, message: OutboxMessage) -> str:
        if message.parked_at:
            return _("parked")
        return _("done") if message.done_at else _("waiting")

    @admin.action(description=gettext_lazy("Try again"), permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        number = outbox.try_again(list(queryset.values_list("pk", flat=True)), now=timezone.now())
        said = ngettext("%d message will be tried again.", "%d messages will be tried again.", number)
        self.message_user(request, said % number)

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal.change_outboxmessage")


# It registers its own, and is made of what stands above.
from portal.desk import audit  # noqa: E402, F401
