"""Filling the local registry from a vehicle file: streaming, in batches, written only where something changed."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from garage.models import RegistryEntry
from garage.registry.rows import COLUMNS, BadCell, BadHeader, parse_row, read_header

BATCH = 1000
FIELDS = [field_name for field_name, _parse in COLUMNS.values()]


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; says why and what would mend it."""


@dataclass(kw_only=True)
class Outcome:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    # Kept to tell a VIN that comes twice.
    seen: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.unchanged


def load_file(
    path: Path, *, now: datetime, report: Callable[[BadCell], None], readings_at: datetime | None = None
) -> Outcome:
    """Takes every good row of the file; tells `report` what is wrong with the others.

    Each batch is its own transaction: a run that was stopped is started again and finds its first part unchanged.
    Raises `UnreadableFile`, before anything is written.
    """
    _check_encoding(path)
    outcome = Outcome()
    with path.open(encoding="utf-8-sig", newline="") as file:
        columns = _columns(file, path)
        rows = _good_rows(file, columns=columns, readings_at=readings_at, outcome=outcome, report=report)
        while batch := list(islice(rows, BATCH)):
            _store(batch, outcome=outcome, now=now)
    return outcome


def _check_encoding(path: Path) -> None:
    try:
        with path.open("rb") as file:
            decoder = codecs.getincrementaldecoder("utf-8")()
            for piece in iter(lambda: file.read(1 << 16), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path} is not in UTF-8. Save it as CSV in UTF-8 and try again.") from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error


def _columns(file: Iterator[str], path: Path) -> list[str]:
    try:
        return read_header(next(file, ""))
    except BadHeader as error:
        raise UnreadableFile(f"{path} is not a vehicle file. {error}") from error


def _good_rows(
    lines: Iterable[str],
    *,
    columns: list[str],
    readings_at: datetime | None,
    outcome: Outcome,
    report: Callable[[BadCell], None],
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        row = parse_row(line, number=number, columns=columns, readings_at=readings_at)
        if isinstance(row, dict):
            first = outcome.seen.setdefault(row["vin"], number)
            if first == number:
                yield row
                continue
            row = [BadCell(line=number, column="vin", reason=f"the same VIN as in line {first}")]
        outcome.bad += 1
        for cell in row:
            report(cell)


def _store(rows: list[dict[str, Any]], *, outcome: Outcome, now: datetime) -> None:
    known = {entry["vin"]: entry for entry in _entries(rows)}
    differing = [row for row in rows if known.get(row["vin"]) != row]
    RegistryEntry.objects.bulk_create(
        [RegistryEntry(**row, updated_at=now) for row in differing],
        update_conflicts=True,
        unique_fields=["vin"],
        update_fields=[*(name for name in FIELDS if name != "vin"), "updated_at"],
    )
    changed = sum(row["vin"] in known for row in differing)
    outcome.changed += changed
    outcome.new += len(differing) - changed
    outcome.unchanged += len(rows) - len(differing)


def _entries(rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return RegistryEntry.objects.filter(vin__in=[row["vin"] for row in rows]).values(*FIELDS)
