import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.models import Market
from support.files.questions import Asked, QuestionFileError, read_questions
from support.finding.evaluating import by_language, figures, places_of
from support.models import ArticleText


class Command(BaseCommand):
    help = "How often search finds the answer first, and among the first three, for the questions of a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="columns: question, language, answer_has (a regular expression)")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        asked = _read(file)
        market = Market.objects.select_related("brand").filter(is_default=True).first()
        if market is None or not ArticleText.objects.exists():
            raise CommandError("There are no articles to search: run load_brand and load_articles first.")
        places = places_of(asked, market=market)
        for language, found in by_language(asked, places).items():
            shares = f"first {found['first']}, first three {found['first_three']}"
            self.stdout.write(f"{language}: {found['questions']} questions, {shares}")
        self.stdout.write(json.dumps(figures(asked, places), ensure_ascii=False))


def _read(file: Path) -> list[Asked]:
    try:
        return read_questions(file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file}: {error}") from error
    except QuestionFileError as error:
        raise CommandError(f"{file}: {error}") from error
