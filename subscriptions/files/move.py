"""One run of a move: file after file, batch after batch, a line of the report for each row."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import override

from garage.files.csv_rows import UnreadableFile
from portal.files.spreadsheets import harmless
from portal.origins import REFUSED, Move, Row, Verdict, take
from subscriptions.actions.move_in_rights import choose_primary_cards
from subscriptions.files.moving_in import TABLES, BadLine, Table, rows_of
from subscriptions.models import TakenOver

BATCH = 500
# Any number that nothing else locks by.
LOCK = 73_130_013
Report = Callable[[str, Verdict], None]


@dataclass(kw_only=True)
class Outcome:
    """Verdicts by file and kind."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    # Of all that were ever taken over and not charged since: next charge as the old system had it, and otherwise.
    same_dates: int = 0
    other_dates: int = 0


class AlreadyRunning(Exception):
    """Two moves at once would take the same rows."""


def move_in(move: Move, *, is_dry: bool, report: Report) -> Outcome:
    """Takes what is good, in the order in which rows need each other. A dry run does the same, and takes it all back.

    Raises `UnreadableFile` before anything is written, `AlreadyRunning`.
    """
    tables = [table for table in TABLES if not table.is_optional or (move.directory / table.file).exists()]
    for table in tables:
        # The header of each, before the first row of any.
        next(rows_of(table, move.directory), None)
    outcome = Outcome()
    with override("en"), _alone(), _taken_back() if is_dry else _kept():
        for table in tables:
            outcome.counts[table.file] = _take_file(table, move, report)
            if table.kind == "card":
                choose_primary_cards()
        outcome.same_dates, outcome.other_dates = _next_charges()
    return outcome


def _take_file(table: Table, move: Move, report: Report) -> Counter[str]:
    counts: Counter[str] = Counter()
    found = rows_of(table, move.directory)
    while lines := list(islice(found, BATCH)):
        for verdict in _verdicts(table, lines, move):
            counts[verdict.outcome] += 1
            report(table.file, verdict)
    return counts


def _verdicts(table: Table, lines: Sequence[Row | BadLine], move: Move) -> list[Verdict]:
    rows = [line for line in lines if isinstance(line, Row)]
    bad = [
        Verdict(line=line.line, old_id="", outcome=REFUSED, reason=line.reason)
        for line in lines
        if isinstance(line, BadLine)
    ]
    taken = take(rows, kind=table.kind, makes=table.makes, move=move) if rows else []
    return sorted([*bad, *taken], key=lambda verdict: verdict.line)


def _next_charges() -> tuple[int, int]:
    """Of those whose old system's next charge is still the next: as it had it, and otherwise. Read from the tables."""
    renewing = TakenOver.objects.filter(next_charge_on__isnull=False, subscription__ends_on__isnull=True)
    still = renewing.filter(subscription__periods_paid=F("periods_paid"))
    same = still.filter(subscription__next_charge_on=F("next_charge_on")).count()
    return same, still.count() - same


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _kept() -> Iterator[None]:
    yield


@contextmanager
def report_file(path: Path | None) -> Iterator[Report]:
    """Writes a line for each row of each file, or nothing where nobody asked for it."""
    if path is None:
        yield lambda _file, _verdict: None
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        rows = csv.writer(file)
        rows.writerow(["file", "line", "old_id", "outcome", "reason"])
        yield lambda name, each: rows.writerow(
            [name, each.line, harmless(each.old_id), each.outcome, harmless(each.reason)]
        )
