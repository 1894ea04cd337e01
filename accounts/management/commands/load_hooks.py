from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.files.hooks import load_hooks
from portal.files.data_files import DataFileError


class Command(BaseCommand):
    help = "Loads the endpoints of webhooks from a YAML file; the same file twice changes nothing (docs/webhooks.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--address", action="append", default=[], help="code=https://..., once for each endpoint")

    def handle(self, *args: Any, file: Path, address: list[str], **options: Any) -> None:
        given = dict(each.partition("=")[::2] for each in address)
        try:
            outcomes = load_hooks(file, addresses=given, now=timezone.now())
        except DataFileError as error:
            raise CommandError(str(error)) from error
        for code, outcome in outcomes.items():
            self.stdout.write(f"{code}: {outcome}")
