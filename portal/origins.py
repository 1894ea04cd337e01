"""Taking rows over from the system before this one: what is known is left, what is bad is refused, the rest is taken.

Each kind of row has a `Taker`. It looks at a batch of rows at once, so that the queries do not grow with the rows; nothing
is taken twice, since each row that was taken has its `Origin`, written in the same transaction.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.db import DatabaseError, transaction

from portal.batches import insert_all
from portal.models import Market, Origin

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Move:
    """One run of the move: from where, when, and by when the next mail may leave."""

    directory: Path
    now: datetime
    next_mail_at: datetime
    mails_apart: timedelta
    # A dry run keeps no files; its rows are rolled back.
    keeps_files: bool = True

    @property
    def source(self) -> str:
        return self.directory.resolve().name[:100]

    def mail_time(self) -> datetime:
        at, self.next_mail_at = self.next_mail_at, self.next_mail_at + self.mails_apart
        return at

    def noon(self, day: date, market: Market) -> datetime:
        """The moment of what is only known by its day; never one that is to come."""
        return min(datetime.combine(day, time(12), tzinfo=market.zone), self.now)


@dataclass(frozen=True, kw_only=True)
class Row:
    line: int
    old_id: str
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


TAKEN, LEFT, REFUSED = "taken", "left", "refused"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    line: int
    old_id: str
    outcome: str
    reason: str = ""


class Taker(Protocol):
    """Made for one batch, of which it has read what it needs."""

    kind: str

    def refusal(self, row: Row) -> str:
        """Why it is not taken, as a sentence; empty if it is. Counts the row among those of its batch."""

    def store(self, rows: Sequence[Row]) -> None:
        """What has to be done outside of any transaction: files."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        """Within a transaction: writes them, and gives the key of each."""


Makes = Callable[[Sequence[Row], Move], Taker]


def take(rows: Sequence[Row], *, kind: str, makes: Makes, move: Move) -> list[Verdict]:
    """One verdict for each row, in their order. Each batch is one transaction; where the database refuses it, each row
    is one by itself."""
    try:
        return _take(rows, kind=kind, makes=makes, move=move)
    except (DatabaseError, OSError, ValueError) as error:
        if len(rows) > 1:
            return [verdict for row in rows for verdict in take([row], kind=kind, makes=makes, move=move)]
        logger.exception("line %s of the %ss could not be kept", rows[0].line, kind)
        return [_refused(rows[0], f"could not be kept ({type(error).__name__})")]


def _take(rows: Sequence[Row], *, kind: str, makes: Makes, move: Move) -> list[Verdict]:
    before = dict(_lines(kind, rows))
    new = [row for row in rows if row.old_id not in before]
    taker = makes(new, move)
    verdicts, fresh = [], []
    for row in rows:
        if row.old_id in before:
            verdicts.append(_verdict(row, LEFT, f"taken before, from line {before[row.old_id]}"))
        elif reason := taker.refusal(row):
            verdicts.append(_refused(row, reason))
        else:
            before[row.old_id] = row.line
            fresh.append(row)
            verdicts.append(_verdict(row, TAKEN))
    taker.store(fresh)
    with transaction.atomic():
        keys = taker.keep(fresh)
        insert_all([_origin(kind, row, key, move) for row, key in zip(fresh, keys, strict=True)])
    return verdicts


def _lines(kind: str, rows: Sequence[Row]) -> list[tuple[str, int]]:
    known = Origin.objects.filter(kind=kind, old_id__in=[row.old_id for row in rows])
    return list(known.values_list("old_id", "line"))


def _origin(kind: str, row: Row, key: int, move: Move) -> Origin:
    return Origin(kind=kind, old_id=row.old_id, row_id=key, source=move.source, line=row.line, taken_at=move.now)


def _verdict(row: Row, outcome: str, reason: str = "") -> Verdict:
    return Verdict(line=row.line, old_id=row.old_id, outcome=outcome, reason=reason)


def _refused(row: Row, reason: str) -> Verdict:
    return _verdict(row, REFUSED, reason)


def keys_of(kind: str, old_ids: Sequence[str]) -> dict[str, int]:
    """The keys of the rows that were taken, by what they were called."""
    return dict(Origin.objects.filter(kind=kind, old_id__in=set(old_ids)).values_list("old_id", "row_id"))
