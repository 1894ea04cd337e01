from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.files.brand_file import load_brand
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads a brand, its legal entity and a market from a YAML file; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_brand(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        for thing in loaded:
            self.stdout.write(f"{thing.what}: {thing.outcome}")
