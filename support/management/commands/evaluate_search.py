import csv
import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from portal.models import Market
from support.evaluating import Asked, evaluate

COLUMNS = {"question", "language", "answer_has"}


class Command(BaseCommand):
    help = "How often search finds the answer first, and among the first three, for the questions of a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        found = evaluate(_read(file), market=Market.objects.select_related("brand").get(is_default=True))
        self.stdout.write(json.dumps(found, ensure_ascii=False))


def _read(file: Path) -> list[Asked]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    return [_asked(file, number, row) for number, row in enumerate(rows, start=2)]


def _asked(file: Path, number: int, row: dict[str, str]) -> Asked:
    if not row.keys() >= COLUMNS:
        raise CommandError(f"{file}: the columns are {', '.join(sorted(COLUMNS))}.")
    if not translation.check_for_language(row["language"]):
        raise CommandError(f"{file}, line {number}: {row['language']!r} is no language.")
    try:
        return Asked(question=row["question"], language=row["language"], answer_has=re.compile(row["answer_has"]))
    except re.error as error:
        raise CommandError(f"{file}, line {number}: {error}") from error
