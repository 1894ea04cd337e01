"""Writes the copies: all in one transaction, without the indexes, which are made anew before it ends."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import sql

from subscriptions.models import NumberSeries
from subscriptions.population.copies import Series, Table

# Copies of a row that are sent as one piece.
AT_ONCE = 5_000
SETTINGS = (
    # The rows point to each other as they should; having each one looked up would take most of the time.
    ("session_replication_role", "replica"),
    ("synchronous_commit", "off"),
    ("maintenance_work_mem", "512MB"),
    ("lock_timeout", "0"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
)

Say = Callable[[str], object]


class NotAllowed(Exception):
    """The database's user may not fill it."""


def fill(tables: Sequence[Table], series: Sequence[Series], *, count: int, say: Say) -> None:
    """All or nothing. Raises `NotAllowed`."""
    with transaction.atomic():
        _prepare()
        with _without_indexes([table.name for table in tables], say=say):
            for table in tables:
                say(f"{table.name}: {len(table.rows) * count:,} rows")
                _copy_in(table, count)
                _let_keys_go_on(table)
        for each in series:
            _let_numbers_go_on(each, count)
    say("Vacuum and statistics")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _prepare() -> None:
    with connection.cursor() as cursor:
        for name, value in SETTINGS:
            try:
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            except DatabaseError as error:
                raise NotAllowed(str(error).strip()) from error


@contextmanager
def _without_indexes(names: Sequence[str], *, say: Say) -> Iterator[None]:
    """Keys stay. What is unique is found out when its index is made."""
    with connection.cursor() as cursor:
        constraints, indexes = _read(cursor, _CONSTRAINTS, names), _read(cursor, _INDEXES, names)
        for table, constraint, _definition in constraints:
            cursor.execute(_ddl("ALTER TABLE {} DROP CONSTRAINT {}", table, constraint))
        for _table, index, _definition in indexes:
            cursor.execute(_ddl("DROP INDEX {}", index))
        yield
        say(f"{len(constraints) + len(indexes)} indexes")
        for table, constraint, definition in constraints:
            cursor.execute(_ddl("ALTER TABLE {} ADD CONSTRAINT {} ", table, constraint) + sql.SQL(definition))
        for _table, _index, definition in indexes:
            cursor.execute(definition)


_CONSTRAINTS = """
    SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype IN ('u', 'x') AND t.relname = ANY (%s) AND t.relnamespace = current_schema()::regnamespace
"""
_INDEXES = """
    SELECT t.relname, i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE NOT x.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
      AND t.relname = ANY (%s) AND t.relnamespace = current_schema()::regnamespace
"""


def _read(cursor: Any, question: str, names: Sequence[str]) -> list[tuple[str, str, str]]:
    cursor.execute(question, [list(names)])
    rows: list[tuple[str, str, str]] = cursor.fetchall()
    return rows


def _ddl(text: str, *names: str) -> Any:
    return sql.SQL(text).format(*map(sql.Identifier, names))


def _copy_in(table: Table, count: int) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in table.rows:
            for first in range(0, count, AT_ONCE):
                copy.write(row.lines(range(first, min(first + AT_ONCE, count))))


def _let_keys_go_on(table: Table) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table.name}\"))",  # noqa: S608  (the models' own names)
            [f'"{table.name}"'],
        )


def _let_numbers_go_on(series: Series, count: int) -> None:
    row, _made = NumberSeries.objects.get_or_create(
        legal_entity_id=series.legal_entity_id, kind=series.kind, year=series.year, defaults={"last_number": 0}
    )
    NumberSeries.objects.filter(pk=row.pk).update(last_number=row.last_number + series.count * count)
