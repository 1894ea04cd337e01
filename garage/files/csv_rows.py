"""Rows whose columns are known, of a CSV file or of a call: what each must hold, and what is wrong with one."""

import codecs
import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from garage.rules import vin as vin_rules

# Column of the file: field of the row, and how its text is read.
Columns = Mapping[str, tuple[str, Callable[[str], Any]]]


# In characters; no row of ours comes near, and a file without line ends is not read into memory.
LONGEST_LINE = 20_000
# What a spreadsheet would calculate if somebody opened what was kept (CSV injection).
FORMULA_BEGINS_WITH = ("=", "+", "-", "@")


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; says why and what would mend it."""


@dataclass(frozen=True, kw_only=True)
class BadCell:
    """Something wrong with one line of the file; `line` counts from 1, the header's. Of a call: from 0, the first."""

    line: int
    column: str
    reason: str
    # For programs.
    code: str = "invalid"

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class BadHeader(Exception):
    """The file's first line is not what such a file starts with."""


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The file's lines. Raises `UnreadableFile` before the first if it is not there or not in UTF-8."""
    check_encoding(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield _lines(file)


def _lines(file: TextIO) -> Iterator[str]:
    """What stands in a line beyond the longest is passed over; its row is then found to be bad."""
    while line := file.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith("\n"):
            rest = file.readline(LONGEST_LINE)
        yield line


def check_encoding(path: Path) -> None:
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


@contextmanager
def written(path: Path) -> Iterator[Any]:
    """A new file for texts; `UnreadableFile` if it cannot be written."""
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        yield file


@contextmanager
def error_file(path: Path | None) -> Iterator[Any]:
    """A CSV writer for what is wrong, or None if nobody asked for it."""
    if path is None:
        yield None
        return
    with written(path) as file:
        rows = csv.writer(file)
        rows.writerow(["line", "column", "reason"])
        yield rows


def read_header(line: str, *, columns: Columns, optional: Collection[str] = ()) -> list[str]:
    """The columns in the file's own order; any order will do, but each must be there once, unless it is optional, and
    no other."""
    try:
        names = [name.strip().lower() for name in cells_of(line)]
    except csv.Error:
        names = []
    missing = [name for name in columns if name not in names and name not in optional]
    strange = [name or "(empty)" for name in names if name not in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    found = {"missing": missing, "not known": strange, "twice": twice}
    if any(found.values()):
        said = "; ".join(f"{what}: {', '.join(names)}" for what, names in found.items() if names)
        raise BadHeader(f"The first line must name the columns {', '.join(columns)}, separated by commas. {said}.")
    return names


def parse_cells(line: str, *, number: int, names: list[str], columns: Columns) -> tuple[dict[str, Any], list[BadCell]]:
    """The values by field, and all that is wrong with the line."""
    try:
        cells = cells_of(line)
    except csv.Error as error:
        reason = f"not a line of comma-separated values ({error})"
        return {}, [BadCell(line=number, column="line", reason=reason)]
    if len(cells) != len(names):
        reason = f"{len(cells)} values instead of {len(names)}"
        return {}, [BadCell(line=number, column="line", reason=reason)]
    return parse_texts(zip(names, cells, strict=True), number=number, columns=columns)


def parse_texts(
    texts: Iterable[tuple[str, str]], *, number: int, columns: Columns
) -> tuple[dict[str, Any], list[BadCell]]:
    """The same of texts by column, however they came."""
    values, bad = {}, []
    for name, text in texts:
        field, parse = columns[name]
        try:
            values[field] = parse(text.strip())
        except ValueError as error:
            bad.append(BadCell(line=number, column=name, reason=str(error)))
    return values, bad


def cells_of(line: str) -> list[str]:
    # Line by line, so that a stray quotation mark spoils its own line and not the rest of the file.
    return next(csv.reader([line], strict=True), [])


def text(longest: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text:
            raise ValueError("is empty")
        if len(text) > longest:
            raise ValueError(f"longer than {longest} characters")
        if not text.isprintable():
            raise ValueError(f"{text!r} has a character that cannot be printed")
        if text.startswith(FORMULA_BEGINS_WITH):
            raise ValueError(f"{text!r} begins like a formula of a spreadsheet")
        return text

    return parse


def one_of(choices: list[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}")
        return text

    return parse


def matching(pattern: str, example: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text!r} is not like {example}")
        return text

    return parse


def day(text: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date like 2024-05-31")
    return date.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment with its zone; ValueError with a reason otherwise."""
    try:
        moment = datetime.fromisoformat(text)
        # One that lies before the first year in UTC could be written, and never be read again.
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{text!r} is not a moment with its zone like 2024-05-31T14:30:00+03:00")
    return moment


def vin(text: str) -> str:
    vin = vin_rules.clean(text)
    for fault in vin_rules.faults(vin):
        if fault.problem == vin_rules.VinProblem.LENGTH:
            raise ValueError(f"a VIN has {vin_rules.LENGTH} characters, {text!r} has {fault.count}")
        raise ValueError(f"{fault.character!r} at position {fault.position} of {text!r} cannot stand in a VIN")
    return vin
