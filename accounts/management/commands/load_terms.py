from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.files.terms import load_terms
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads versions of a market's Terms of Use from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            outcomes = load_terms(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        for version, outcome in outcomes.items():
            self.stdout.write(f"Terms {version}: {outcome}")
