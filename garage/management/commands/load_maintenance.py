from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from garage.files.maintenance import load_maintenance
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads a market's maintenance plans and recalls from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_maintenance(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Maintenance: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
