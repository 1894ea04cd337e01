from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.files.data_files import DataFileError
from subscriptions.actions.catalogue import check_promises, load_catalogue
from subscriptions.catalogue.file import read_catalogue_file
from subscriptions.catalogue.preview import preview_file
from subscriptions.catalogue.words import lines_of


class Command(BaseCommand):
    help = (
        "Loads a market's services, packages and plans from a YAML file, for the day that it names or from today on; "
        "the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="Only say what it would change, and for how many.")

    def handle(self, *args: Any, file: Path, preview: bool, **options: Any) -> None:
        try:
            read = read_catalogue_file(file)
            if preview:
                check_promises(read)
                self.stdout.write("\n".join(lines_of(preview_file(read), read.market)))
                return
            loaded = load_catalogue(read, now=timezone.now())
        except DataFileError as error:
            raise CommandError(str(error)) from error
        if loaded.is_ahead:
            self.stdout.write(f"kept; it comes into force on {loaded.version.effective_on} by itself")
        self.stdout.write(", ".join(f"{count} {word}" for word, count in loaded.counts.items()))
