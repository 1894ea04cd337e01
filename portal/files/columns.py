"""One hand-written statement that reads rows of several models, for where each query counts.

Django works a query's text out anew each time; for a join of ten tables that takes longer than the database needs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


class Columns:
    """A model's columns in such a statement. Those that are not named are loaded when somebody asks for them."""

    def __init__(self, model: type[Model], alias: str, *names: str) -> None:
        fields = [field for field in model._meta.concrete_fields if not names or field.attname in {"id", *names}]
        self._model = model
        self._names = [field.attname for field in fields]
        self._readers = [getattr(field, "from_db_value", None) for field in fields]
        self._text = ", ".join(f'{alias}."{field.column}"' for field in fields)

    def __str__(self) -> str:
        return self._text

    def take(self, values: Iterator[Any], known: dict[Any, Any]) -> Any:
        """The instance, one for a row however often it is joined; None where an outer join has found none."""
        given = [next(values) for _ in self._names]
        # The key comes first in each of our models.
        row = (self._model, given[0])
        if given[0] is not None and row not in known:
            read = [
                reader(value, None, connection) if reader else value
                for reader, value in zip(self._readers, given, strict=True)
            ]
            known[row] = self._model.from_db(connection.alias, self._names, read)
        return known.get(row)


def rows_of(statement: str, parameters: Sequence[Any], *parts: Columns) -> Iterator[list[Any]]:
    """Each row: an instance for each part, in their order in the statement, then what is selected beyond them."""
    known: dict[Any, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for row in cursor.fetchall():
            values = iter(row)
            yield [*[part.take(values, known) for part in parts], *values]
