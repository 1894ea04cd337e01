from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.files.consents import load_consents
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads the words of a market's consents from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            outcomes = load_consents(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        for wording, outcome in outcomes.items():
            self.stdout.write(f"Consent {wording}: {outcome}")
