from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.data_files import DataFileError
from subscriptions.actions.catalogue import load_catalogue
from subscriptions.catalogue_file import read_catalogue_file


class Command(BaseCommand):
    help = (
        "Loads a market's services, packages and plans from a YAML file, for the day that it names or from today on; "
        "the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        now = timezone.now()
        try:
            loaded = load_catalogue(read_catalogue_file(file), now=now)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        if loaded.is_ahead:
            self.stdout.write(f"kept; it comes into force on {loaded.version.effective_on} by itself")
        self.stdout.write(", ".join(f"{count} {word}" for word, count in loaded.counts.items()))
