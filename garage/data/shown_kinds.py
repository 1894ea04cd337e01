"""The kinds of a car's data as its page lists them: how many rows, and what the last one says (D3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from garage.data.granted_rows import granted_rows
from garage.data.own_rows import Moment, Row, Summary
from garage.data.vehicle_data import Kind, kinds, reading
from garage.models import DataGrant
from garage.own_time import OwnTime
from garage.words.refusals import retention_sentence
from portal.templatetags.frame import day_in_words

# Of a row that has no words of its own: so many of its columns are named.
MOST_COLUMNS = 4


@dataclass(frozen=True, kw_only=True)
class ShownKind:
    kind: Kind
    summary: Summary

    @property
    def retention(self) -> str:
        return retention_sentence(self.kind.retention_months)

    @property
    def last(self) -> str:
        row = self.summary.last
        if row is None:
            return ""
        return self.kind.in_words(row) if self.kind.in_words else _columns(row, but=self.kind.moment)

    @property
    def last_at(self) -> Moment:
        """A moment; a day stands in `last_on`."""
        return self.summary.last_at if isinstance(self.summary.last_at, datetime) else None

    @property
    def last_on(self) -> Moment:
        return None if isinstance(self.summary.last_at, datetime) else self.summary.last_at


def shown_kinds(own: OwnTime, *, now: datetime) -> list[ShownKind]:
    """One query for each kind whose rows are a `Table`."""
    return [ShownKind(kind=kind, summary=reading(kind, own, now=now).summary()) for kind in kinds()]


def _columns(row: Row, *, but: str) -> str:
    said = [f"{name.replace('_', ' ')}: {text}" for name, text in _texts(row, but=but)]
    return ", ".join(said[:MOST_COLUMNS]) + (", …" if len(said) > MOST_COLUMNS else "")


def _texts(row: Row, *, but: str) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name != but and value not in (None, "", []):
            yield name, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, int | float | Decimal):
        return number_format(value, force_grouping=True)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, kw_only=True)
class LeavingKind:
    """A kind that a third party is about to be let read, and how many rows of it there are for it already."""

    title: str
    unit: str
    count: int


def leaving_kinds(grant: DataGrant, *, now: datetime) -> list[LeavingKind]:
    """Of a grant that is being asked for, and not kept yet."""
    return [
        LeavingKind(
            title=str(kind.title),
            unit=str(kind.unit),
            count=granted_rows(kind, grant, now=now).summary().count,
        )
        for kind in kinds()
        if kind.name in grant.kinds
    ]
