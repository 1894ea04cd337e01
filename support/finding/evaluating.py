"""How good search is: asked questions, and what the right answer says (H2)."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from portal.models import Market
from support.files.questions import Asked
from support.finding.search import search

AMONG = 3


def places_of(asked: Sequence[Asked], *, market: Market) -> list[int | None]:
    """For each question the place of its answer among the first three, counted from 0."""
    return [_place(each, market) for each in asked]


def figures(asked: Sequence[Asked], places: Sequence[int | None]) -> dict[str, Any]:
    """Shares of questions whose answer came first, and among the first three; and those whose answer did not."""
    count = len(asked) or 1
    return {
        "questions": len(asked),
        "first": round(sum(place == 0 for place in places) / count, 4),
        "first_three": round(sum(place is not None for place in places) / count, 4),
        "missed": [each.question for each, place in zip(asked, places, strict=True) if place is None],
    }


def by_language(asked: Sequence[Asked], places: Sequence[int | None]) -> dict[str, dict[str, Any]]:
    pairs = list(zip(asked, places, strict=True))
    languages = sorted({each.language for each in asked})
    of = {code: [pair for pair in pairs if pair[0].language == code] for code in languages}
    return {code: figures([each for each, _ in those], [place for _, place in those]) for code, those in of.items()}


def _place(asked: Asked, market: Market) -> int | None:
    with translation.override(asked.language):
        results = search(asked.question, language=asked.language, market=market, most=AMONG)
    texts = [f"{each.shown.question}\n{each.shown.body}" for each in results]
    return next((place for place, text in enumerate(texts) if asked.answer_has.search(text)), None)
