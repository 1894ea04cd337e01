"""Filters and pages of lists that stay fast however long the table is."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

# Beyond so many rows nobody leafs: a filter finds them.
MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts as far as anybody leafs, and no further."""

    @property
    def count(self) -> int:  # type: ignore[override]
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[:MOST_COUNTED].count()


class InputFilter(admin.SimpleListFilter):
    """Something typed, in the place of a list of all that there is."""

    template = "admin/desk/input_filter.html"
    input_type = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """What else is chosen goes along with what is typed."""
        for name, value in changelist.get_filters_params().items():
            if name != self.parameter_name:
                yield {"name": name, "value": value[-1] if isinstance(value, list) else value}
