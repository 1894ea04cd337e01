"""A car's data as files (D3): one JSON, a CSV for each kind, and all of them in one ZIP with a page that explains.

Written into a temporary file row by row before anything is sent: whole or not at all, and never more than some rows in
memory. Moments are in UTC, days as 2026-06-10.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.data.vehicle_data import Kind, reading
from garage.models import Vehicle
from garage.own_time import own_time
from garage.words.refusals import retention_sentence
from portal.files.spreadsheets import cell
from portal.files.zipped import zip_entry

MARK = "\ufeff"
README = "README.txt"
PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class OwnData:
    """Whose data of which car, of these kinds, as of a moment."""

    account: Account
    vehicle: Vehicle
    kinds: list[Kind]
    now: datetime


# Writes the data into an open file.
Write = Callable[[IO[bytes], OwnData], None]


def pieces_of(write: Write, data: OwnData) -> Iterator[bytes]:
    """Nothing is made before somebody reads it, nothing is sent before it is whole; words in the language of now."""
    language = get_language() or settings.LANGUAGE_CODE

    def pieces() -> Iterator[bytes]:
        with tempfile.TemporaryFile() as written:
            with translation.override(language):
                write(written, data)
            written.seek(0)
            while piece := written.read(PIECE):
                yield piece

    return pieces()


def write_zip(target: IO[bytes], data: OwnData) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(zip_entry(README, at=data.now), MARK + _readme(data))
        for kind in data.kinds:
            with archive.open(zip_entry(f"{kind.name}.csv", at=data.now), "w", force_zip64=True) as entry:
                _write_csv(entry, kind, data)


def write_csv(target: IO[bytes], data: OwnData) -> None:
    """Of the one kind that there is."""
    [kind] = data.kinds
    _write_csv(target, kind, data)


def write_json(target: IO[bytes], data: OwnData) -> None:
    """One document: the car, the moment, and each kind with what its columns mean and its rows."""
    car = {"vin": data.vehicle.vin, "model": data.vehicle.model}
    target.write(f'{{"vehicle": {_json(car)}, "as_of": {_json(data.now)}, "kinds": ['.encode())
    for number, kind in enumerate(data.kinds):
        target.write(b",\n" if number else b"\n")
        _write_kind(target, kind, data)
    target.write(b"\n]}\n")


def _write_csv(target: IO[bytes], kind: Kind, data: OwnData) -> None:
    table = io.TextIOWrapper(target, encoding="utf-8", newline="")
    table.write(MARK)
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(kind.columns)
    for row in reading(kind, own_time(data.account, data.vehicle), now=data.now):
        writer.writerow([cell(row[column]) for column in kind.columns])
    # What it wraps stays open: it is the caller's.
    table.detach()


def _write_kind(target: IO[bytes], kind: Kind, data: OwnData) -> None:
    facts = {
        "name": kind.name,
        "title": str(kind.title),
        "unit": str(kind.unit),
        "retention_months": kind.retention_months,
        "columns": kind.columns,
    }
    target.write(f'{_json(facts)[:-1]}, "rows": ['.encode())
    for number, row in enumerate(reading(kind, own_time(data.account, data.vehicle), now=data.now)):
        target.write(f"{',' if number else ''}\n{_json(row)}".encode())
    target.write(b"\n]}")


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _readme(data: OwnData) -> str:
    return "\r\n".join([_("Your data of this car"), "", *_how_to_read(), "", *_contents(data.kinds), ""])


def _how_to_read() -> Iterable[str]:
    yield _("What arose while your account had control of the car, and what stays with the car.")
    yield _("Moments are in UTC, days as 2026-06-10, amounts with a decimal point. The CSV is UTF-8 with semicolons.")
    yield _("A text that a spreadsheet would take for a formula begins with an apostrophe in the CSV.")


def _contents(kinds: Iterable[Kind]) -> Iterable[str]:
    for kind in kinds:
        unit = f" ({kind.unit})" if kind.unit else ""
        yield f"{kind.name}.csv: {kind.title}{unit}. {retention_sentence(kind.retention_months)}"
