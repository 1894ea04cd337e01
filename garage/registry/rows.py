"""The rows of a vehicle file: what each column must hold, and what is wrong with one that does not."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from garage.models.vehicle import Body, Powertrain
from garage.rules import odometer as odometer_rules
from garage.rules import plate as plate_rules
from garage.rules import vin as vin_rules


@dataclass(frozen=True, kw_only=True)
class BadCell:
    """Something wrong with one line of the file; `line` counts from 1, the header's."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class BadHeader(Exception):
    """The file's first line is not what a vehicle file starts with."""


def read_header(line: str) -> list[str]:
    """The columns in the file's own order; any order will do, but each must be there once and no other."""
    try:
        names = [name.strip().lower() for name in _cells(line)]
    except csv.Error:
        names = []
    missing = [name for name in COLUMNS if name not in names]
    strange = [name or "(empty)" for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    found = {"missing": missing, "not known": strange, "twice": twice}
    if any(found.values()):
        said = "; ".join(f"{what}: {', '.join(names)}" for what, names in found.items() if names)
        raise BadHeader(f"The first line must name the columns {', '.join(COLUMNS)}, separated by commas. {said}.")
    return names


def parse_row(
    line: str, *, number: int, columns: list[str], readings_at: datetime | None = None
) -> dict[str, Any] | list[BadCell]:
    """The values of a `RegistryEntry`, or all that is wrong with them. `readings_at` replaces each reading's time."""
    try:
        cells = _cells(line)
    except csv.Error as error:
        return [BadCell(line=number, column="line", reason=f"not a line of comma-separated values ({error})")]
    if len(cells) != len(columns):
        reason = f"{len(cells)} values instead of {len(columns)}"
        return [BadCell(line=number, column="line", reason=reason)]
    values, bad = _values(dict(zip(columns, cells, strict=True)), number=number)
    if readings_at and values.get("odometer_km") is not None:
        values["odometer_at"] = readings_at
    if not bad and (values["odometer_km"] is None) != (values["odometer_at"] is None):
        reason = "a reading needs both odometer_km and odometer_at"
        bad = [BadCell(line=number, column="odometer_at", reason=reason)]
    return bad or values


def _cells(line: str) -> list[str]:
    # Line by line, so that a stray quotation mark spoils its own line and not the rest of the file.
    return next(csv.reader([line], strict=True), [])


def _values(cells: Mapping[str, str], *, number: int) -> tuple[dict[str, Any], list[BadCell]]:
    values, bad = {}, []
    for column, text in cells.items():
        field, parse = COLUMNS[column]
        try:
            values[field] = parse(text.strip())
        except ValueError as error:
            bad.append(BadCell(line=number, column=column, reason=str(error)))
    return values, bad


def _vin(text: str) -> str:
    vin = vin_rules.clean(text)
    for fault in vin_rules.faults(vin):
        if fault.problem == vin_rules.VinProblem.LENGTH:
            raise ValueError(f"a VIN has {vin_rules.LENGTH} characters, {text!r} has {fault.count}")
        raise ValueError(f"{fault.character!r} at position {fault.position} of {text!r} cannot stand in a VIN")
    return vin


def _plate(text: str) -> str:
    plate = plate_rules.clean(text)
    if plate and not plate_rules.is_well_formed(plate):
        raise ValueError(f"{text!r} is not a registration plate")
    return plate


def _text(longest: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text:
            raise ValueError("is empty")
        if len(text) > longest:
            raise ValueError(f"longer than {longest} characters")
        if not text.isprintable():
            raise ValueError(f"{text!r} has a character that cannot be printed")
        return text

    return parse


def _one_of(choices: list[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}")
        return text

    return parse


def _matching(pattern: str, example: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text!r} is not like {example}")
        return text

    return parse


def _date(text: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date like 2024-05-31")
    return date.fromisoformat(text)


def _kilometres(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"{text!r} is not a whole number from 0 to {odometer_rules.HIGHEST_KM}")
    return int(text)


def _moment(text: str) -> datetime | None:
    return parse_moment(text) if text else None


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment with its zone; ValueError with a reason otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{text!r} is not a moment with its zone like 2024-05-31T14:30:00+03:00")
    return moment


def _capabilities(text: str) -> list[str]:
    names = [name.strip() for name in text.split(";") if name.strip()]
    for name in names:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise ValueError(f"{name!r} is not the name of a capability like remote_climate")
    return sorted(set(names))


# Column of the file: field of the entry, and how its text is read.
COLUMNS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "vin": ("vin", _vin),
    "plate": ("plate", _plate),
    "model": ("model", _text(60)),
    "body": ("body", _one_of(Body.values)),
    "colour": ("colour", _text(40)),
    "colour_hex": ("colour_hex", _matching(r"#[0-9a-fA-F]{6}", "#8a1c2b")),
    "powertrain": ("powertrain", _one_of(Powertrain.values)),
    "multimedia": ("multimedia", _matching(r"[A-Z0-9]{2,12}", "MM21")),
    "market": ("market_code", _matching(r"[A-Z]{2}", "CY")),
    "warranty_start": ("warranty_start", _date),
    "purchased_on": ("purchased_on", _date),
    "first_registered_on": ("first_registered_on", _date),
    "odometer_km": ("odometer_km", _kilometres),
    "odometer_at": ("odometer_at", _moment),
    "capabilities": ("capabilities", _capabilities),
}
