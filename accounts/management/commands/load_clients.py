from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.identity.clients import load_clients
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads the app and the head unit as clients of the identity provider from a YAML file; twice is as once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            outcomes = load_clients(file)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        for client, outcome in outcomes.items():
            self.stdout.write(f"Client {client}: {outcome}")
