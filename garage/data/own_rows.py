"""The rows of a kind of a car's data, counted, looked at and read in pages (D3).

A `Table` lets the database do it. Any other rows are walked through, which does where there are few.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from garage.own_time import OwnTime
from portal.querying.counting import number_of

ROWS_AT_A_TIME = 500
PLACE = re.compile(r"([0-9]{1,6})_([0-9T:.+Z-]{0,32})")

Row = dict[str, Any]
Moment = datetime | date | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    count: int
    last: Row | None
    last_at: Moment


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page ended: at the moment of its last row, and how many rows of just that moment have been read."""

    at: Moment
    passed: int

    def __str__(self) -> str:
        return f"{self.passed}_{self.at.isoformat() if self.at else ''}"


def read_place(text: str) -> Place:
    """ValueError for what is no place."""
    found = PLACE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    passed, at = int(found[1]), found[2]
    if "T" not in at:
        return Place(at=date.fromisoformat(at) if at else None, passed=passed)
    moment = datetime.fromisoformat(at)
    try:
        return Place(at=moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC), passed=passed)
    except OverflowError as error:
        raise ValueError(text) from error


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of a model as `columns`, ordered by the field `moment`. `row_of` makes one of a row's values."""

    found: QuerySet[Any]
    moment: str
    columns: tuple[str, ...]
    row_of: Callable[[Row], Row] | None = None

    def __iter__(self) -> Iterator[Row]:
        for values in self._ordered().iterator(chunk_size=ROWS_AT_A_TIME):
            yield self._row(values)

    def since(self, moment: Moment) -> "Table":
        return replace(self, found=self.found.filter(**{f"{self.moment}__gte": moment}))

    def summary(self) -> Summary:
        """One query: the newest row, and beside it the number of all."""
        newest = self.found.annotate(number=number_of(self.found, same="vehicle")).order_by(f"-{self.moment}", "-pk")
        last = self._fields(newest, "number").first()
        if last is None:
            return Summary(count=0, last=None, last_at=None)
        count = last.pop("number")
        return Summary(count=count, last=self._row(last), last_at=last[self.moment])

    def page(self, after: Place | None, *, limit: int) -> tuple[list[Row], Place | None]:
        """The rows that follow the place, and where they end; no place where nothing follows."""
        rows, passed = self._ordered(), 0
        if after is not None and after.at is not None:
            rows, passed = rows.filter(Q(**{f"{self.moment}__gte": after.at})), after.passed
        found = list(rows[passed : passed + limit + 1])
        page = found[:limit]
        moments = [values[self.moment] for values in page]
        place = _place_after(moments, after) if len(found) > limit else None
        return [self._row(values) for values in page], place

    def _ordered(self) -> QuerySet[Any, Row]:
        return self._fields(self.found.order_by(self.moment, "pk"))

    def _fields(self, found: QuerySet[Any], *beside: str) -> QuerySet[Any, Row]:
        return found.values(*dict.fromkeys([self.moment, *self.columns, *beside]))

    def _row(self, values: Row) -> Row:
        return self.row_of(values) if self.row_of else {name: values[name] for name in self.columns}


@dataclass(frozen=True, kw_only=True)
class Walked:
    """The same of rows that come from anywhere, oldest first; `moment` is a column, which they need not have."""

    found: Callable[[], Iterable[Row]]
    moment: str
    first_at: Moment = None

    def __iter__(self) -> Iterator[Row]:
        for row in self.found():
            at = row.get(self.moment)
            # A day counts whole.
            if at is None or _key(at) >= _key(self.first_at)[: len(_key(at))]:
                yield row

    def since(self, moment: Moment) -> "Walked":
        return replace(self, first_at=moment)

    def summary(self) -> Summary:
        count, last = 0, None
        for row in self:
            count, last = count + 1, row
        return Summary(count=count, last=last, last_at=last.get(self.moment) if last else None)

    def page(self, after: Place | None, *, limit: int) -> tuple[list[Row], Place | None]:
        page: list[Row] = []
        for row in self._following(after):
            if len(page) == limit:
                return page, _place_after([each.get(self.moment) for each in page], after)
            page.append(row)
        return page, None

    def _following(self, after: Place | None) -> Iterator[Row]:
        passed = 0
        for row in self:
            at = row.get(self.moment)
            if after is not None and _key(at) <= _key(after.at):
                passed += _key(at) == _key(after.at)
                if _key(at) < _key(after.at) or passed <= after.passed:
                    continue
            yield row


Rows = Table | Walked


def own_table(
    queryset: QuerySet[Any],
    *columns: str,
    own: OwnTime,
    moment: str = "at",
    row_of: Callable[[Row], Row] | None = None,
) -> Table:
    """What arose in the account's own time (D4), as columns of its fields."""
    found = own.rows(queryset, field=moment)
    return Table(found=found, moment=moment, columns=columns, row_of=row_of)


def _place_after(moments: list[Moment], before: Place | None) -> Place:
    """Rows of one moment may fill more than a page."""
    at = moments[-1]
    passed = sum(_key(moment) == _key(at) for moment in moments)
    is_same = before is not None and _key(before.at) == _key(at)
    return Place(at=at, passed=passed + (before.passed if before and is_same else 0))


def _key(moment: Moment) -> str:
    """Moments and days in one order; what has none comes first."""
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat() if moment else ""
