"""Takes ordered cars and their stages from a CSV file; the same file twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from garage.files.csv_rows import BadCell, UnreadableFile, error_file
from garage.files.orders import COLUMNS, load_orders


class Command(BaseCommand):
    help = (
        "Takes ordered cars from a CSV file in UTF-8 with the columns "
        f"{', '.join(COLUMNS)}. The same file twice changes nothing; bad rows are reported with line, column and "
        "reason, good ones kept. Customers are told of each new stage, and delivered cars go into their garages. Ends "
        "with 1 if the file cannot be read or no row is good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write what is wrong as CSV, too")

    def handle(self, *, file: Path, errors: Path | None, **options: Any) -> None:
        try:
            with error_file(errors) as rows:

                def report(cell: BadCell) -> None:
                    self.stderr.write(str(cell))
                    if rows:
                        rows.writerow([cell.line, cell.column, cell.reason])

                outcome = load_orders(file, now=timezone.now(), report=report)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        counts = f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged, {outcome.bad} bad"
        if not outcome.kept:
            raise CommandError(f"No row of {file} was good ({counts}); nothing has changed.")
        self.stdout.write(f"{counts}; {outcome.delivered} put into garages")
