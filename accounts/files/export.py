"""The ZIP of an export: a JSON and a CSV of each kind of record, files, and a page that says what is what (A6).

Written into a temporary file row by row; never more than a row, or one document, in memory.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from accounts.exporting import EXPORTERS, Exporter, Row
from accounts.models import Account
from portal.files.spreadsheets import cell
from portal.files.zipped import zip_entry

# A sign of life at least every so many rows or files.
BEAT = 200
README = "README.txt"
MARK = "\ufeff"


def write_zip(
    target: IO[bytes], account: Account, *, now: datetime, done: Callable[[int], None], alive: Callable[[], None]
) -> None:
    """In the active language; each file is of `now`.

    Calls `done` with the number of kinds written so far, and `alive` in between.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(zip_entry(README, at=now), MARK + _readme(account))
        for number, exporter in enumerate(EXPORTERS.values(), start=1):
            _write_rows(archive, exporter, account, now, alive)
            for count, (name, content) in enumerate(exporter.files(account), start=1):
                archive.writestr(zip_entry(name, at=now), content)
                if count % BEAT == 0:
                    alive()
            done(number)


def _write_rows(
    archive: ZipFile, exporter: Exporter, account: Account, now: datetime, alive: Callable[[], None]
) -> None:
    """Both files from one reading, so that they say the same; the CSV waits beside until the JSON is whole."""
    with tempfile.TemporaryFile() as aside:
        table = io.TextIOWrapper(aside, encoding="utf-8", newline="")
        with archive.open(zip_entry(f"{exporter.name}.json", at=now), "w") as written:
            _write_json(written, _also_as_csv(exporter.rows(account), table, alive))
        table.flush()
        aside.seek(0)
        with archive.open(zip_entry(f"{exporter.name}.csv", at=now), "w") as written:
            while piece := aside.read(64 * 1024):
                written.write(piece)


def _write_json(written: IO[bytes], rows: Iterable[Row]) -> None:
    written.write(b"[")
    for number, row in enumerate(rows):
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        written.write(f"{',' if number else ''}\n{text}".encode())
    written.write(b"\n]\n")


def _also_as_csv(rows: Iterable[Row], table: io.TextIOWrapper, alive: Callable[[], None]) -> Iterable[Row]:
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    table.write(MARK)
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        elif number % BEAT == 0:
            alive()
        writer.writerow([cell(value) for value in row.values()])
        yield row


def _readme(account: Account) -> str:
    lines = [
        _("Everything that is kept about %(email)s") % {"email": account.email},
        "",
        _("Each kind of record stands in two files that say the same: JSON for machines, CSV for spreadsheets."),
        _("Moments are in UTC, days as 2026-06-10, amounts with a decimal point. The CSV is UTF-8 with semicolons."),
        _("A text that a spreadsheet would take for a formula begins with an apostrophe in the CSV."),
        _("Numbers of cards and passwords are not in it: the portal does not keep them."),
        "",
        *(f"{exporter.name}.json, {exporter.name}.csv: {exporter.title}" for exporter in EXPORTERS.values()),
        "",
    ]
    return "\r\n".join(lines)
