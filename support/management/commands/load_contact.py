from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.files.data_files import DataFileError
from support.files.contact import load_contact


class Command(BaseCommand):
    help = "Loads what messages to the customer centre can be about, and its canned texts, from a YAML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_contact(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Contact: {loaded.categories} categories, {loaded.texts} canned texts")
