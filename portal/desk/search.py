"""The box above a list (K2): what was typed goes to keys by an index first, then the rows are read by those keys.

`search_fields` of a list name where to: a relation, whose model says how its rows are found; `pk` for the list's own
model; or a column, compared whole, or by its beginning where it is unique.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

LONGEST = 80
# Of a shorter beginning there are too many.
SHORTEST = 3
# What has more is narrowed by typing more.
MOST_FOUND = 1_000

Find = Callable[[str], Iterable[QuerySet[Any]]]
_FINDERS: dict[type[Model], Find] = {}


def finds(model: type[Model]) -> Callable[[Find], Find]:
    """Decorates what gives the queries, each by an index, that find rows of the model by what was typed."""

    def register(find: Find) -> Find:
        _FINDERS[model] = find
        return find

    return register


class SearchesByIndex:
    """For admins of lists that grow; a short one is searched as Django does, by any part of its columns."""

    is_short: bool

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if self.is_short or not search_term.strip():
            return super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        typed = " ".join(search_term.split())[:LONGEST]
        paths: Iterable[str] = self.get_search_fields(request)  # type: ignore[attr-defined]
        keys = {key for path in paths for key in _keys(queryset.model, path, typed)}
        if len(keys) >= MOST_FOUND:
            cut = _("Not all that fits is listed. Type more of it.")
            messages.warning(request, cut, fail_silently=True)
        return queryset.filter(pk__in=keys), False


def _keys(model: type[Model], path: str, typed: str) -> list[Any]:
    """Of the model's rows to which the path leads from what was typed."""
    relation, _sep, name = path.rpartition("__")
    target = _led_to(model, relation)
    if name != "pk" and target._meta.get_field(name).is_relation:
        relation, target, name = path, _led_to(model, path), "pk"
    found = _found_by_model(target, typed) if name == "pk" else _found_by_column(target, name, typed)
    if not relation or not found:
        return found
    rows = model._default_manager.filter(**{f"{relation}__in": found})
    return list(rows.order_by().values_list("pk", flat=True)[:MOST_FOUND])


def _led_to(model: type[Model], relation: str) -> type[Model]:
    for name in filter(None, relation.split("__")):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def _found_by_model(model: type[Model], typed: str) -> list[Any]:
    return [key for rows in _FINDERS[model](typed) for key in rows.order_by().values_list("pk", flat=True)[:MOST_FOUND]]


def _found_by_column(model: type[Model], name: str, typed: str) -> list[Any]:
    """As it was typed, in capitals as numbers are, or in small letters as addresses are."""
    field: Any = model._meta.get_field(name)
    try:
        wanted = Q(**{f"{name}__in": {field.to_python(each) for each in (typed, typed.upper(), typed.lower())}})
    except ValidationError:
        return []
    if isinstance(field, CharField) and field.unique and len(typed) >= SHORTEST:
        for begun in {typed, typed.upper()}:
            wanted |= Q(**{f"{name}__startswith": begun})
    rows = model._default_manager.filter(wanted).order_by()
    return list(rows.values_list("pk", flat=True)[:MOST_FOUND])
