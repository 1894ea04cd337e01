"""Which answer fits a question best: by where its words stand, how rare they are, and how short the title is (H2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

# What a word is worth in the question, the keywords and the body of an answer.
IN_QUESTION, IN_KEYWORDS, IN_BODY = 1.0, 0.75, 0.15
# Of a question of so many words each counts as above; in a longer one less.
COMMON_LENGTH = 4
LENGTH_COUNTS = 0.6
# A word in several places is worth more, but never without end.
SATURATION = 2.0


@dataclass(frozen=True)
class Hit:
    """One form of the word at a place of the query, in one text. `body` is 0 to 1: how much the body speaks of it."""

    place: int
    text: int
    weight: float
    is_in_question: bool
    is_in_keywords: bool
    body: float
    question_length: int


def ranked(hits: Iterable[Hit], *, texts: int) -> list[int]:
    """The best first. A word of the query counts once in a text, by its best form; `texts`: how many there are."""
    worth: dict[int, dict[int, float]] = defaultdict(dict)
    for hit in hits:
        of_word = worth[hit.place]
        of_word[hit.text] = max(of_word.get(hit.text, 0.0), _worth(hit))
    scores: dict[int, float] = defaultdict(float)
    for of_word in worth.values():
        rarity = log(1 + texts / sum(1 for each in of_word.values() if each))
        for text, each in of_word.items():
            scores[text] += each * rarity
    return sorted(scores, key=lambda text: (-scores[text], text))


def _worth(hit: Hit) -> float:
    length = 1 - LENGTH_COUNTS + LENGTH_COUNTS * hit.question_length / COMMON_LENGTH
    found = IN_QUESTION * hit.is_in_question / length + IN_KEYWORDS * hit.is_in_keywords + IN_BODY * min(hit.body, 1.0)
    return hit.weight * found / (found + SATURATION)
