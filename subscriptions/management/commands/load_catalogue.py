from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.data_files import DataFileError
from subscriptions.catalogue_file import load_catalogue


class Command(BaseCommand):
    help = "Loads a market's services, packages and plans from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_catalogue(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{count} {word}" for word, count in counts.items()))
