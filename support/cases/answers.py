"""Answers of the hub that may help, offered while a message is written and before it is sent (H5)."""

from django.conf import settings

from portal.card_numbers import contains_card_number
from portal.models import Market
from support.articles.hub import Linked
from support.finding.search import LONGEST_QUERY, search

MOST_OFFERED = 3
# Of less nothing can be guessed.
SHORTEST = 8


def answers_to(message: str, *, language: str, market: Market, read: str = "") -> list[Linked]:
    """The likeliest ones, in the reader's language, else in another; none for what holds a card number.

    `read` is the slug of the answer from which the message was begun: it did not help."""
    query = " ".join(message.replace("\x00", "").split())[:LONGEST_QUERY]
    if len(query) < SHORTEST or contains_card_number(query):
        return []
    others = [code for code, _name in settings.LANGUAGES if code != language]
    tries = (search(query, language=code, market=market) for code in (language, *others))
    found = next((results for results in tries if results), [])
    return [
        Linked(
            label=each.question,
            url=each.url,
            language="" if each.language == language else each.language,
        )
        for each in [each.shown for each in found if each.shown.slug != read][:MOST_OFFERED]
    ]
