from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from garage.files.dealer_systems import load_dealer_systems
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads which client of the API speaks for which dealer from a YAML file; twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_dealer_systems(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Dealer systems: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
