"""Whether the hub's search takes as long among 5,000 articles as among its own (H2).

    .venv/bin/python -m tests.benchmarks.support_search                     5,000 articles, each in two languages
    .venv/bin/python -m tests.benchmarks.support_search --articles 500      fewer

Asks the questions of `tests/support/questions_tuning.csv`, round by round, before and after the articles are there.
What is added is made of the articles' own sentences, questions and keywords, mixed anew with words of its own, so that
common words are as common as before. Ends with 1 if a search takes more than half as long again.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = REPOSITORY / "var" / "bench-search"
DATA = REPOSITORY / "portal" / "data" / "lexus_cy"
ROUNDS, QUESTIONS, MOST_RATIO = 5, 80, 1.5
SYLLABLES = {
    "en": ["ba", "lor", "ten", "vi", "mar", "sel", "dro", "pan", "ket", "wol"],
    "el": ["μα", "λορ", "τεν", "βι", "σαρ", "κελ", "δρο", "παν", "φετ", "ζολ"],
}


def main() -> int:
    options = _options()
    _prepare(options.state.resolve())
    from support.models import Article

    few, quick = Article.objects.count(), _seconds()
    _grow(options.articles - few)
    many, slow = Article.objects.count(), _seconds()
    ratio = statistics.median(slow) / statistics.median(quick)
    for count, seconds in ((few, quick), (many, slow)):
        ms = [f"{each * 1000:.1f}" for each in statistics.quantiles(seconds, n=10)]
        print(f"{count:,} articles: median {ms[4]} ms, nine in ten within {ms[8]} ms")
    print(json.dumps({"articles": many, "ratio": round(ratio, 2)}))
    return int(ratio > MOST_RATIO)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--state", type=Path, default=STATE)
    return parser.parse_args()


def _prepare(state: Path) -> None:
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "test",
        "PORTAL_STATE_DIR": str(state),
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_brand", str(DATA / "brand.yaml"), verbosity=0)
    call_command("load_catalogue", str(DATA / "catalogue.yaml"), verbosity=0)
    call_command("load_articles", str(REPOSITORY / "support" / "content"), verbosity=0)


def _seconds() -> list[float]:
    """Of each search, all rounds but the first."""
    from django.db import connection
    from django.utils import translation

    from portal.models import Market
    from support.files.questions import read_questions
    from support.finding.search import search

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    market = Market.objects.select_related("brand").get(is_default=True)
    asked = read_questions((REPOSITORY / "tests" / "support" / "questions_tuning.csv").read_bytes())
    some = random.Random(8).sample(asked, QUESTIONS)
    measured = []
    for turn in range(ROUNDS + 1):
        for each in some:
            with translation.override(each.language):
                begun = time.perf_counter()
                search(each.question, language=each.language, market=market)
                measured += [time.perf_counter() - begun] if turn else []
    return measured


def _grow(count: int) -> None:
    from django.utils import timezone

    from support.finding.indexing import index
    from support.models import Article, ArticleText

    own = {language: list(ArticleText.objects.filter(language=language)) for language in SYLLABLES}
    first = Article.objects.order_by("position").first()
    articles = Article.objects.bulk_create(
        Article(slug=f"made-{number}", category=first.category, position=1000 + number, done_in="both")
        for number in range(count)
    )
    now = timezone.now()
    for language, texts in own.items():
        made = _made(language, texts)
        ArticleText.objects.bulk_create(
            (
                ArticleText(article=article, language=language, updated_at=now, source_hash="made", **next(made))
                for article in articles
            ),
            batch_size=500,
        )
        begun = time.perf_counter()
        index(language)
        print(f"{language}: {count + len(texts):,} texts indexed in {time.perf_counter() - begun:.1f} s")


def _made(language: str, texts: list[Any]) -> Iterator[dict[str, Any]]:
    """A question, keywords and sentences of several articles, each with a word that few others have."""
    chance = random.Random(language)
    questions = [text.question for text in texts]
    keywords = [word for text in texts for word in text.keywords]
    sentences = [line for text in texts for line in text.body.splitlines() if line.strip()]
    while True:
        own = "".join(chance.choices(SYLLABLES[language], k=4))
        yield {
            "question": f"{chance.choice(questions)[:100]} {own}",
            "keywords": [f"{word[:60]} {own}" for word in chance.sample(keywords, 14)],
            "body": "\n\n".join([*chance.sample(sentences, 8), own]),
        }


if __name__ == "__main__":
    sys.exit(main())
