"""Fills the local vehicle registry from a CSV file; the same file twice changes nothing."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from garage.files.csv_rows import BadCell, UnreadableFile, error_file, parse_moment, written
from garage.registry.loading import load_file
from garage.registry.rows import COLUMNS


class Command(BaseCommand):
    help = (
        "Fills the local vehicle registry from a CSV file in UTF-8 with the columns "
        f"{', '.join(COLUMNS)} (capabilities separated by semicolons). The same file twice changes nothing; bad rows "
        "are reported with line, column and reason, good ones kept. Stopped half way, it is started again. Ends with 1 "
        "if the file cannot be read or no row is good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write what is wrong as CSV, too")
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE", help="write the bad lines themselves, to be mended and given back"
        )
        parser.add_argument(
            "--readings-at",
            type=_moment,
            metavar="MOMENT",
            help="for sample data: take every odometer reading as of this moment ('now' or ISO 8601 with its zone) "
            "instead of the column, because readings older than 30 days prove nothing",
        )

    def handle(
        self,
        *,
        file: Path,
        errors: Path | None,
        readings_at: datetime | None,
        rejected: Path | None = None,
        **options: Any,
    ) -> None:
        try:
            with error_file(errors) as rows, _plain_file(rejected) as lines:

                def report(cell: BadCell) -> None:
                    self.stderr.write(str(cell))
                    if rows:
                        rows.writerow([cell.line, cell.column, cell.reason])

                def reject(line: str) -> None:
                    if lines:
                        lines.write(line + "\n")

                outcome = load_file(file, now=timezone.now(), report=report, reject=reject, readings_at=readings_at)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        counts = f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged, {outcome.bad} bad"
        if not outcome.kept:
            raise CommandError(f"No row of {file} was good ({counts}); nothing has changed.")
        self.stdout.write(counts)


def _moment(text: str) -> datetime:
    try:
        return timezone.now() if text == "now" else parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


@contextmanager
def _plain_file(path: Path | None) -> Iterator[Any]:
    """A file for lines, or None if nobody asked for it."""
    if path is None:
        yield None
        return
    with written(path) as file:
        yield file
