"""Numbers without gap or repeat (I2): a counter row per legal entity, kind and year.

It is moved on in the settling transaction: a rollback gives the number back with everything else, and the row's lock
makes others wait for the commit; so it is taken as late in the transaction as can be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from portal.models import LegalEntity
from subscriptions.models import NumberSeries
from subscriptions.models.document import DocumentKind

# Far above what a legal entity issues in a year; such numbers are never committed.
FIRST_PRETENDED = 900_000_000
_pretended: ContextVar["_Counter | None"] = ContextVar("numbers_are_pretended", default=None)
_PREFIX = {DocumentKind.INVOICE: "", DocumentKind.CREDIT_NOTE: "CN-"}

# One statement, so that the first document of a year needs no lock of its own.
_NEXT = f"""
    INSERT INTO {NumberSeries._meta.db_table} AS series (legal_entity_id, kind, year, last_number)
    VALUES (%(entity)s, %(kind)s, %(year)s, %(count)s)
    ON CONFLICT (legal_entity_id, kind, year) DO UPDATE SET last_number = series.last_number + %(count)s
    RETURNING last_number
"""  # noqa: S608  (the table's name is Django's own)


class _Counter:
    def __init__(self) -> None:
        self.coming = FIRST_PRETENDED

    def take(self, count: int) -> int:
        first, self.coming = self.coming, self.coming + count
        return first


@contextmanager
def pretended() -> Iterator[None]:
    """A rehearsal numbers its documents from a counter of its own: the series is neither moved nor held."""
    token = _pretended.set(_Counter())
    try:
        yield
    finally:
        _pretended.reset(token)


def next_numbers(*, legal_entity: LegalEntity, kind: DocumentKind, year: int, count: int = 1) -> int:
    """The first of the series' next `count` numbers; the caller's transaction holds the series until it ends."""
    counter = _pretended.get()
    if counter is not None:
        return counter.take(count)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"entity": legal_entity.pk, "kind": kind, "year": year, "count": count})
        return int(cursor.fetchone()[0]) - count + 1


def printed_number(*, series_code: str, kind: DocumentKind, year: int, sequence: int) -> str:
    """`CY-2024-000001` for an invoice, `CN-CY-2024-000001` for a credit note."""
    return f"{_PREFIX[kind]}{series_code}-{year}-{sequence:06d}"
