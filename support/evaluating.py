"""How good search is: asked questions, and what the right answer says (H2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from portal.markdown import plain
from portal.models import Market
from support.facts import facts_of, fill
from support.search import Result, search


@dataclass(frozen=True, kw_only=True)
class Asked:
    question: str
    language: str
    # Matches the plain text of the right answer, its title being the first line.
    answer_has: re.Pattern[str]


def evaluate(asked: Sequence[Asked], *, market: Market) -> dict[str, Any]:
    """Shares of questions whose answer came first, and among the first three; and those whose answer did not."""
    places = [_place(each, market) for each in asked]
    count = len(asked) or 1
    return {
        "questions": len(asked),
        "first": round(sum(place == 0 for place in places) / count, 4),
        "first_three": round(sum(place is not None for place in places) / count, 4),
        "missed": [each.question for each, place in zip(asked, places, strict=True) if place is None],
    }


def plain_text(result: Result, facts: Mapping[str, str]) -> str:
    return f"{result.question}\n{plain(fill(result.text.body, facts))}"


def _place(asked: Asked, market: Market) -> int | None:
    with translation.override(asked.language):
        facts = facts_of(market)
        results = search(asked.question, language=asked.language, market=market, most=3)
    matches = (place for place, each in enumerate(results) if asked.answer_has.search(plain_text(each, facts)))
    return next(matches, None)
