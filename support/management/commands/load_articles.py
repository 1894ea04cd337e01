from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.files.data_files import DataFileError
from support.actions.articles import load_articles


class Command(BaseCommand):
    help = "Loads the hub's articles from <folder>/<language>/<category>/<slug>.md; what editors changed stays theirs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            found = load_articles(folder, now=timezone.now())
        except DataFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Articles: {len(found.loaded)} loaded, {found.unchanged} unchanged")
        for name in found.removed:
            self.stdout.write(f"  removed, its files are gone: {name}")
        for name in found.kept:
            self.stdout.write(f"  kept as an editor changed it, though its file changed too: {name}")
        for name in found.missing:
            self.stdout.write(f"  missing: {name}")
