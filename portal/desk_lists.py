"""Filters and pages of lists that stay fast however long the table is."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

# Beyond so many rows nobody leafs: a filter finds them.
MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts as far as anybody leafs, and no further."""

    @property
    def count(self) -> int:  # type: ignore[override]
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[:MOST_COUNTED].count()


class SeenLately(admin.AllValuesFieldListFilter):
    """The values of the newest rows: to learn all that a million have, every one would be read."""

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, page: Any, field_path: str) -> None:
        super().__init__(field, request, params, model, page, field_path)
        newest = model._default_manager.order_by("-pk").values_list(field_path, flat=True)
        self.lookup_choices = sorted(set(newest[:MOST_COUNTED]) - {None, ""})


def among(values: Callable[[], Iterable[Any]]) -> type[admin.AllValuesFieldListFilter]:
    """Of values that are known without asking the rows."""

    class Among(admin.AllValuesFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.lookup_choices = list(values())

    return Among


class NamedByAny(admin.RelatedFieldListFilter):
    """Those to whom any row leads: one look into the key's index for each, instead of all rows."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        rows = model_admin.model._default_manager.filter(**{field.name: OuterRef("pk")})
        ordering = self.field_admin_ordering(field, request, model_admin)
        found: list[tuple[Any, str]] = field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to=Q(Exists(rows))
        )
        return found


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
