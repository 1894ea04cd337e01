from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from garage.files.third_parties import load_third_parties
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads whom owners may let read data of their cars from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_third_parties(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Third parties: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
