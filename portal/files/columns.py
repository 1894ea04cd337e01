"""One hand-written statement that reads rows of several models, for where each query counts.

Django works a query's text out anew each time; for a join of ten tables that takes longer than the database needs.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.base import ModelState


class Columns:
    """A model's columns in such a statement. Those that are not named are loaded when somebody asks for them."""

    def __init__(self, model: type[Model], alias: str, *names: str) -> None:
        fields = [field for field in model._meta.concrete_fields if not names or field.attname in {"id", *names}]
        self._model = model
        self._names = [field.attname for field in fields]
        readers = [(place, getattr(field, "from_db_value", None)) for place, field in enumerate(fields)]
        self._readers = [(place, reader) for place, reader in readers if reader]
        self._text = ", ".join(f'{alias}."{field.column}"' for field in fields)

    def __len__(self) -> int:
        return len(self._names)

    def __str__(self) -> str:
        return self._text

    def made_of(self, values: Sequence[Any], database: BaseDatabaseWrapper) -> Any:
        read = list(values)
        for place, reader in self._readers:
            read[place] = reader(read[place], None, database)
        # As Django unpacks an instance. Its `from_db` sets field by field, each as if something had been there before,
        # which takes ten times as long; a run makes eight of these a charge.
        instance = self._model.__new__(self._model)
        state = instance._state = ModelState()
        state.db, state.adding = database.alias, False
        instance.__dict__.update(zip(self._names, read, strict=True))
        return instance


def rows_of(statement: str, parameters: Sequence[Any], *parts: Columns) -> Iterator[list[Any]]:
    """Each row: an instance for each part, in their order in the statement, then what is selected beyond them. One
    instance for a row however often it is joined; None where an outer join has found none."""
    # Django's `connection` finds out each time whose it is.
    database = connections[connection.alias]
    ends = list(accumulate(map(len, parts)))
    placed = list(zip(parts, [0, *ends], ends, strict=False))
    instances: list[dict[Any, Any]] = [{None: None} for _ in parts]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for row in cursor.fetchall():
            found = []
            for (part, start, end), known in zip(placed, instances, strict=True):
                # The key comes first in each of our models.
                key = row[start]
                if key not in known:
                    known[key] = part.made_of(row[start:end], database)
                found.append(known[key])
            yield [*found, *row[ends[-1] :]]
