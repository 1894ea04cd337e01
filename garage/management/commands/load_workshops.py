from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from garage.files.workshops import load_workshops
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Begins the workshops of dealers from a YAML file; what a dealer keeps already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_workshops(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Workshops: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
