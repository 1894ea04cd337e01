"""Filters and pages of lists that stay fast however long the table is."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import Exists, Index, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst

# Beyond so many rows nobody leafs: a filter finds them.
MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts as far as anybody leafs, and no further; its template says so."""

    @cached_property
    def counted(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self.counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self.counted > MOST_COUNTED

    def page(self, number: Any) -> Page:  # type: ignore[type-arg]
        """Leafs over keys alone: what a row is shown with is read for the rows of this page."""
        page = super().page(number)
        if page.number > 1:
            rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
            keys = list(rows.values_list("pk", flat=True)[page.start_index() - 1 : page.end_index()])
            page.object_list = rows.filter(pk__in=keys)
        return page


class OrderedByIndex(ChangeList):
    """Sorts by the headings that offer it, whatever the address says; named by what it lists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            self.title = str(capfirst(self.opts.verbose_name_plural))

    def get_ordering_field(self, field_name: Any) -> Any:
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class SortsByIndex:
    """For admins of lists that grow: sorted by a heading where an index has its order; a short one by any."""

    is_short: bool

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OrderedByIndex

    def get_sortable_by(self, request: HttpRequest) -> Any:
        names = super().get_sortable_by(request)  # type: ignore[misc]
        served = _orders(self.model)  # type: ignore[attr-defined]
        return names if self.is_short else [name for name in names if self._sorted_by(name) in served]

    def _sorted_by(self, name: str) -> Any:
        return getattr(getattr(self, name, None), "admin_order_field", name)


@cache
def _orders(model: type[Model]) -> set[str]:
    """The columns of its own by which an index of all rows stands."""
    indexes: list[Any] = [index for index in model._meta.indexes if type(index) is Index and not index.condition]
    several = [each.fields for each in (*indexes, *model._meta.total_unique_constraints) if each.fields]
    leading = {names[0].removeprefix("-") for names in several}
    columns: list[Any] = [field for field in model._meta.fields if not field.is_relation]
    return {field.name for field in columns if field.unique or field.db_index or field.name in leading}


class SeenLately(admin.AllValuesFieldListFilter):
    """The values of the newest rows: to learn all that a million have, every one would be read."""

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, page: Any, field_path: str) -> None:
        super().__init__(field, request, params, model, page, field_path)
        newest = model._default_manager.order_by("-pk").values_list(field_path, flat=True)
        values: Any = sorted(set(newest[:MOST_COUNTED]) - {None, ""})
        self.lookup_choices = values


def among(values: Callable[[], Iterable[Any]]) -> type[admin.AllValuesFieldListFilter]:
    """Of values that are known without asking the rows."""

    class Among(admin.AllValuesFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            known: Any = list(values())
            self.lookup_choices = known

    return Among


class NamedByAny(admin.RelatedFieldListFilter):
    """Those to whom any row leads: one look into the key's index for each, instead of all rows."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = model_admin.model._default_manager.filter(**{field.name: OuterRef("pk")})
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=Q(Exists(rows)))


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
