"""The rows of a vehicle file: what each column must hold, and what is wrong with one that does not."""

import re
from datetime import datetime
from typing import Any

from garage.files.csv_rows import BadCell, Columns, day, matching, one_of, parse_cells, parse_moment, text, vin
from garage.files.json_rows import parse_json_row
from garage.models.vehicle import Body, Powertrain
from garage.rules import odometer as odometer_rules
from garage.rules import plate as plate_rules
from garage.rules import verification as verification_rules


def parse_row(
    line: str, *, number: int, columns: list[str], now: datetime, readings_at: datetime | None = None
) -> dict[str, Any] | list[BadCell]:
    """The values of a `RegistryEntry`, or all that is wrong with them. `readings_at` replaces each reading's time."""
    values, bad = parse_cells(line, number=number, names=columns, columns=COLUMNS)
    if readings_at and values.get("odometer_km") is not None:
        values["odometer_at"] = readings_at
    return _checked(values, bad, number=number, now=now)


def parse_object(row: object, *, number: int, now: datetime) -> dict[str, Any] | list[BadCell]:
    """The same of a row of a call."""
    values, bad = parse_json_row(row, number=number, columns=COLUMNS)
    return _checked(values, bad, number=number, now=now)


def _checked(
    values: dict[str, Any], bad: list[BadCell], *, number: int, now: datetime
) -> dict[str, Any] | list[BadCell]:
    """What is wrong with values that are each well formed."""
    if not bad and (values["odometer_km"] is None) != (values["odometer_at"] is None):
        reason = "a reading needs both odometer_km and odometer_at"
        bad = [BadCell(line=number, column="odometer_at", reason=reason)]
    if not bad and values["odometer_at"] and verification_rules.is_ahead(values["odometer_at"], now=now):
        bad = [BadCell(line=number, column="odometer_at", reason="is in the future")]
    return bad or values


def _plate(text: str) -> str:
    plate = plate_rules.clean(text)
    if plate and not plate_rules.is_well_formed(plate):
        raise ValueError(f"{text!r} is not a registration plate")
    return plate


def _kilometres(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"{text!r} is not a whole number from 0 to {odometer_rules.HIGHEST_KM}")
    return int(text)


def _moment(text: str) -> datetime | None:
    return parse_moment(text) if text else None


def _capabilities(text: str) -> list[str]:
    names = [name.strip() for name in text.split(";") if name.strip()]
    for name in names:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise ValueError(f"{name!r} is not the name of a capability like remote_climate")
    return sorted(set(names))


# Column of the file: field of the entry, and how its text is read.
COLUMNS: Columns = {
    "vin": ("vin", vin),
    "plate": ("plate", _plate),
    "model": ("model", text(60)),
    "body": ("body", one_of(Body.values)),
    "colour": ("colour", text(40)),
    "colour_hex": ("colour_hex", matching(r"#[0-9a-fA-F]{6}", "#8a1c2b")),
    "powertrain": ("powertrain", one_of(Powertrain.values)),
    "multimedia": ("multimedia", matching(r"[A-Z0-9]{2,12}", "MM21")),
    "market": ("market_code", matching(r"[A-Z]{2}", "CY")),
    "warranty_start": ("warranty_start", day),
    "purchased_on": ("purchased_on", day),
    "first_registered_on": ("first_registered_on", day),
    "odometer_km": ("odometer_km", _kilometres),
    "odometer_at": ("odometer_at", _moment),
    "capabilities": ("capabilities", _capabilities),
}
