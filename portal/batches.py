"""Doing one step for many rows: so that one bad row stops none of the others, and in one statement."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, connections
from django.db.models import Model

logger = logging.getLogger(__name__)

Row = TypeVar("Row")


def all_or_each(step: Callable[[Sequence[Row]], Any], rows: Sequence[Row]) -> None:
    """Does `step`, a whole transaction, for all rows at once; if that fails, for each by itself, logging what fails.

    With a single row the failure is the caller's to handle.
    """
    if len(rows) <= 1:
        if rows:
            step(rows)
        return
    try:
        step(rows)
    except Exception:
        logger.exception("a batch of %s failed: each by itself", len(rows))
        for row in rows:
            _attempt(step, row)


def _attempt(step: Callable[[Sequence[Row]], Any], row: Row) -> None:
    try:
        step([row])
    except Exception:
        logger.exception("it fails for %s", row)


def save_all(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Saves these fields of rows of one model, in one statement that joins with their values.

    `bulk_update` says the same as one CASE for each field with a branch for each row, and takes ten times as long.
    """
    if not rows:
        return
    statement, fields = _saving(type(rows[0]), tuple(names))
    # Django's `connection` finds out each time whose it is.
    database = connections[connection.alias]
    values = [[field.get_db_prep_save(getattr(row, field.attname), database) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [[row.pk for row in rows], *values])


@cache
def _saving(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it wants after the keys."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    # Wrapped, so that PostgreSQL does not count them before it plans: it then plans once for one as for a hundred.
    kinds = [f"(SELECT %s::{kind}[])" for kind in ("bigint", *map(_kind, fields))]
    statement = f"""
        UPDATE {connection.ops.quote_name(model._meta.db_table)} AS saved
        SET {", ".join(f"{column} = given.{column}" for column in columns)}
        FROM unnest({", ".join(kinds)}) AS given (id, {", ".join(columns)})
        WHERE saved.id = given.id
    """  # noqa: S608  (names are the models' own)
    return statement, fields


def insert_all(rows: Sequence[Model], *, passes_over_known: bool = False) -> None:
    """Inserts rows of one model in one statement, and gives each its key; they travel as one JSON value.

    `bulk_create` prepares each value by itself, which takes three times as long. `passes_over_known` leaves out rows
    that a unique constraint forbids, and gives no keys.
    """
    if not rows:
        return
    keys = _run(rows, "ON CONFLICT DO NOTHING RETURNING id" if passes_over_known else "RETURNING id")
    if passes_over_known:
        return
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


def insert_new(rows: Sequence[Row], *, known_by: Sequence[str]) -> list[Row]:
    """Inserts those whose fields `known_by`, which are unique together, are not there yet; gives them, without keys."""
    if not rows:
        return []
    names = [_field(rows[0], name).attname for name in known_by]
    columns = _columns(rows[0], known_by)
    given = _run(rows, f"ON CONFLICT ({columns}) DO NOTHING RETURNING {columns}")  # type: ignore[arg-type]
    # Of those that are given twice, the first is inserted.
    first = {tuple(getattr(row, name) for name in names): row for row in reversed(rows)}
    return [first[key] for key in given]


def add_all(rows: Sequence[Model], *, known_by: Sequence[str]) -> None:
    """Adds the numbers of each row to those of the row that is there, by `known_by`, or inserts it where none is."""
    if not rows:
        return
    table, known = _table(rows[0]), {_field(rows[0], name).column for name in known_by}
    names = [connection.ops.quote_name(column) for column, _ in _names(type(rows[0])) if column not in known]
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)
    _run(rows, f"ON CONFLICT ({_columns(rows[0], known_by)}) DO UPDATE SET {added} RETURNING id")


def put_all(rows: Sequence[Model], *, known_by: Sequence[str]) -> None:
    """Writes each row whole over the one that is there, by `known_by`, or inserts it where none is; gives no keys."""
    if not rows:
        return
    known = {_field(rows[0], name).column for name in known_by}
    names = [connection.ops.quote_name(column) for column, _ in _names(type(rows[0])) if column not in known]
    written = ", ".join(f"{name} = excluded.{name}" for name in names)
    _run(rows, f"ON CONFLICT ({_columns(rows[0], known_by)}) DO UPDATE SET {written} RETURNING id")


def _run(rows: Sequence[Model], ending: str) -> list[tuple[Any, ...]]:
    """Inserts, but for what the ending says of conflicts; what it returns."""
    names = _names(type(rows[0]))
    given = [{column: getattr(row, name) for column, name in names} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(f"{_inserting(type(rows[0]))} {ending}", [json.dumps(given, default=_in_json)])
        return cursor.fetchall()


@cache
def _names(model: type[Model]) -> list[tuple[str, str]]:
    """Columns and attributes of what is inserted: all but the key."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [(field.column, field.attname) for field in fields]


@cache
def _inserting(model: type[Model]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column, _ in _names(model))
    return f"""
        INSERT INTO {table} ({columns})
        SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)
    """  # noqa: S608  (names are the models' own)


def _table(row: Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)


def _field(row: Any, name: str) -> Any:
    return row._meta.get_field(name)


def _columns(row: Any, names: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(_field(row, name).column) for name in names)


def _in_json(value: Any) -> str:
    """What PostgreSQL reads as the same value."""
    if isinstance(value, Decimal | date | UUID):
        return str(value)
    raise TypeError(f"{value!r} is not for a column")


def _kind(field: Any) -> str:
    """The type of the field's column, as PostgreSQL casts to it."""
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
