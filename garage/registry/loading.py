"""Filling the local registry from a vehicle file: streaming, in batches, written only where something changed."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import transaction

from garage.files.csv_rows import BadCell, BadHeader, UnreadableFile, opened, read_header
from garage.models import RegistryEntry
from garage.registry.rows import COLUMNS, parse_object, parse_row
from portal.batches import insert_new, put_all

BATCH = 1000
FIELDS = [field_name for field_name, _parse in COLUMNS.values()]

# Hears of each bad cell, and of each line that is not taken with the header before the first.
Report = Callable[[BadCell], None]
Reject = Callable[[str], None]


@dataclass(kw_only=True)
class Outcome:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.unchanged


class Seen:
    """Tells a VIN that comes twice in a file, however long that is: kept in a temporary file, not in memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA cache_size = -2000")
        self._rows.execute("CREATE TABLE seen (vin TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def first_line(self, vin: str, line: int) -> int:
        """The line in which the VIN came first: this one, if it had not come."""
        if self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (vin, line)).rowcount:
            return line
        return int(self._rows.execute("SELECT line FROM seen WHERE vin = ?", (vin,)).fetchone()[0])

    def close(self) -> None:
        self._rows.close()


def load_file(
    path: Path,
    *,
    now: datetime,
    report: Report,
    reject: Reject = lambda _line: None,
    readings_at: datetime | None = None,
) -> Outcome:
    """Takes every good row of the file; tells `report` what is wrong with the others, and hands those to `reject`.

    Each batch is its own transaction: a run that was stopped is started again and finds its first part unchanged.
    Raises `UnreadableFile`, before anything is written.
    """
    outcome = Outcome()
    with opened(path) as file, closing(Seen()) as seen:
        header = next(file, "")
        reading = _Reading(
            columns=_columns(header, path), now=now, readings_at=readings_at, outcome=outcome, seen=seen, report=report
        )
        rows = reading.good_rows(file, reject=_with_header(header, reject))
        while batch := list(islice(rows, BATCH)):
            _store(batch, outcome=outcome, now=now)
    return outcome


def load_rows(rows: Iterable[object], *, now: datetime, report: Report) -> Outcome:
    """The same of the rows of a call, one batch: in one transaction, sent again they are unchanged."""
    outcome, good = Outcome(), {}
    for number, row in enumerate(rows):
        values = parse_object(row, number=number, now=now)
        if isinstance(values, dict) and values["vin"] in good:
            values = [BadCell(line=number, column="vin", reason="the same VIN as in a row before", code="twice")]
        if isinstance(values, dict):
            good[values["vin"]] = values
            continue
        outcome.bad += 1
        for cell in values:
            report(cell)
    _store(list(good.values()), outcome=outcome, now=now)
    return outcome


def _columns(header: str, path: Path) -> list[str]:
    try:
        return read_header(header, columns=COLUMNS)
    except BadHeader as error:
        raise UnreadableFile(f"{path} is not a vehicle file. {error}") from error


def _with_header(header: str, reject: Reject) -> Reject:
    """The rejected lines are a vehicle file again: mended, it is given back."""
    lines = iter([header])

    def rejected(line: str) -> None:
        for each in (*lines, line):
            reject(each.rstrip("\r\n"))

    return rejected


@dataclass(frozen=True, kw_only=True)
class _Reading:
    columns: list[str]
    now: datetime
    readings_at: datetime | None
    outcome: Outcome
    seen: Seen
    report: Report

    def good_rows(self, lines: Iterable[str], *, reject: Reject) -> Iterator[dict[str, Any]]:
        for number, line in enumerate(lines, start=2):
            if not line.strip():
                continue
            row = self._row(line, number=number)
            if isinstance(row, dict):
                yield row
                continue
            self.outcome.bad += 1
            reject(line)
            for cell in row:
                self.report(cell)

    def _row(self, line: str, *, number: int) -> dict[str, Any] | list[BadCell]:
        row = parse_row(line, number=number, columns=self.columns, now=self.now, readings_at=self.readings_at)
        if isinstance(row, dict):
            first = self.seen.first_line(row["vin"], number)
            if first != number:
                return [BadCell(line=number, column="vin", reason=f"the same VIN as in line {first}")]
        return row


@transaction.atomic
def _store(rows: list[dict[str, Any]], *, outcome: Outcome, now: datetime) -> None:
    """What is known is locked before it is compared: a reading that the car reports just then waits, and stays (V1).

    So is what another import has brought since the look: its cars are not written over unseen.
    """
    # In one order: of two imports at once the one waits for the other, and not each for each.
    rows = sorted(rows, key=itemgetter("vin"))
    known = {entry["vin"]: entry for entry in _entries(rows)}
    new = _insert([row for row in rows if row["vin"] not in known], now=now)
    rest = [row for row in rows if row["vin"] not in new]
    known |= {entry["vin"]: entry for entry in _entries([row for row in rest if row["vin"] not in known])}
    rest = [_with_last_reading(row, known[row["vin"]]) for row in rest]
    differing = [row for row in rest if known[row["vin"]] != row]
    put_all([RegistryEntry(**row, updated_at=now) for row in differing], known_by=["vin"])
    outcome.new += len(new)
    outcome.changed += len(differing)
    outcome.unchanged += len(rest) - len(differing)


def _insert(rows: list[dict[str, Any]], *, now: datetime) -> set[str]:
    """The VINs of those that nobody else has brought meanwhile."""
    made = insert_new([RegistryEntry(**row, updated_at=now) for row in rows], known_by=["vin"])
    return {entry.vin for entry in made}


def _with_last_reading(row: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """A file may be older than what the car itself has reported since: the last known reading never goes back (V1)."""
    if known["odometer_at"] is None:
        return row
    if row["odometer_at"] is not None and row["odometer_at"] >= known["odometer_at"]:
        return row
    return row | {name: known[name] for name in ("odometer_km", "odometer_at")}


def _entries(rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    if not rows:
        return []
    found = RegistryEntry.objects.select_for_update(no_key=True).filter(vin__in=[row["vin"] for row in rows])
    return found.order_by("pk").values(*FIELDS)
