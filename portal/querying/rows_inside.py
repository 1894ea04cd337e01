"""Related rows in the very statement that reads their owners: what `prefetch_related` needs one more query each for.

For pages. A statement that waits for a lock would show related rows as they stood before the wait, so it is refused
one: whoever locks reads them afterwards.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from json import JSONDecoder
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, JSONField, Model, OuterRef, QuerySet
from django.db.models.query import ModelIterable

Owners = TypeVar("Owners", bound=QuerySet[Any])


def with_rows(owners: Owners, *paths: str, **rows: QuerySet[Any]) -> Owners:
    """As `prefetch_related`, with the rows of a path narrowed and ordered where they are given.

    A path through a foreign key ("package__discontinuations") asks for its `select_related`. Floats within a JSON
    column come as decimals.
    """
    found: dict[str, QuerySet[Any] | None] = {**dict.fromkeys(paths), **rows}
    inside = {f"inside_{path}": _Inside(owners.model, path, of) for path, of in found.items()}
    filled: Owners = owners.annotate(**inside)  # type: ignore[assignment]
    filled._iterable_class = _Filled
    return filled


class _Exactly(JSONDecoder):
    """Amounts as PostgreSQL writes them, never by way of a float."""

    def __init__(self) -> None:
        super().__init__(parse_float=Decimal)


class _WholeRow(Expression):
    """A row of the query's own table, whatever it joins: by name, so that Django has no column to work out."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        return f"to_jsonb({compiler.quote_name_unless_alias(next(iter(compiler.query.alias_map)))})", ()


class _Inside(ArraySubquery):
    def __init__(self, owner: type[Model], path: str, rows: QuerySet[Any] | None) -> None:
        *steps, self.name = path.split("__")
        self.steps = steps
        relation = reduce(_related, steps, owner)._meta.get_field(self.name)
        # The foreign key of each row that names its owner; a many-to-many relation has none.
        self.key = relation.remote_field if relation.one_to_many else None  # type: ignore[union-attr]
        self.model: type[Model] = relation.related_model  # type: ignore[assignment]
        rows = self.model._default_manager.all() if rows is None else rows
        self.fields = self.model._meta.concrete_fields
        own = rows.filter(**{relation.remote_field.name: OuterRef("__".join(steps) or "pk")})  # type: ignore[union-attr]
        super().__init__(own.values(row=_WholeRow(output_field=JSONField(decoder=_Exactly))))

    def fill(self, owner: Model, columns: list[dict[str, Any]]) -> None:
        for step in self.steps:
            owner = getattr(owner, step)
        rows = [self._row(each, owner._state.db) for each in columns]
        if self.key is not None:
            for row in rows:
                setattr(row, self.key.name, owner)
        kept = getattr(owner, self.name).get_queryset()
        kept._result_cache, kept._prefetch_done = rows, True
        owner.__dict__.setdefault("_prefetched_objects_cache", {})[self.name] = kept

    def _row(self, columns: dict[str, Any], database: str | None) -> Model:
        read = [field.to_python(columns[field.column]) for field in self.fields]  # type: ignore[index]
        return self.model.from_db(database, [field.attname for field in self.fields], read)


class _Filled(ModelIterable):
    def __iter__(self) -> Iterator[Any]:
        query = self.queryset.query
        if query.select_for_update:
            raise ValueError("rows inside a statement that locks stand as they were before it waited")
        inside = {name: each for name, each in query.annotation_select.items() if isinstance(each, _Inside)}
        for owner in super().__iter__():
            for name, each in inside.items():
                each.fill(owner, owner.__dict__.pop(name))
            yield owner


def _related(model: type[Model], step: str) -> type[Model]:
    return model._meta.get_field(step).related_model  # type: ignore[return-value]
