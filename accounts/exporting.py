"""What stands in the export of an account's data (A6): one table of kinds of records, filled from `AppConfig.ready()`.

`tests/meta/test_export.py` finds a model of an account's that stands neither here nor among its excuses.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from accounts.models import Account

ROWS_AT_A_TIME = 500
Row = dict[str, Any]


def no_files(account: Account) -> Iterable[tuple[str, bytes]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """A kind of record: the name of its files, its title for people, and its rows, one after the other.

    `files` are made when it is their turn and forgotten again: (name in the ZIP, content) each.
    """

    name: str
    title: str | Promise
    model: type[Model]
    rows: Callable[[Account], Iterable[Row]]
    files: Callable[[Account], Iterable[tuple[str, bytes]]] = no_files


EXPORTERS: dict[str, Exporter] = {}


def register(*exporters: Exporter) -> None:
    EXPORTERS.update({exporter.name: exporter for exporter in exporters})


def table(name: str, title: str | Promise, model: type[Model], *columns: str, account: str = "account") -> Exporter:
    """The rows of a model that belong to the account by the lookup `account`, with these columns; the oldest first."""

    def rows(owner: Account) -> Iterator[Row]:
        return rows_of(model._default_manager.filter(**{account: owner}), *columns)

    return Exporter(name=name, title=title, model=model, rows=rows)


def rows_of(queryset: QuerySet[Any], *columns: str) -> Iterator[Row]:
    """Read piece by piece, so that memory stays flat. A lookup through another row is named with one underscore."""
    names = [column.replace("__", "_") for column in columns]
    for values in queryset.order_by("pk").values_list(*columns).iterator(chunk_size=ROWS_AT_A_TIME):
        yield dict(zip(names, values, strict=True))
