"""What a word of a question is worth, and which words are looked up: the numbers of the search, in one place (H2).

They were found with questions written for it (`tests/support/questions_tuning.csv`), and by asking each phrasing of an
article while the article did not have it.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import log
from typing import NamedTuple

# How far a word counts that was not typed: one that means the same, a mended one, one that begins as was typed.
SYNONYM, ONE_ERROR, MORE_ERRORS, BEGUN = 0.8, 0.95, 0.8, 0.4
# A word of the fewest letters that is mended has many neighbours.
ONE_ERROR_OF_FEW = 0.6
# How far words count that only ask.
ASKING = 0.4
# What a word is worth in the question, in a keyword, and in the body of an answer.
IN_QUESTION, IN_KEYWORDS, IN_BODY = 1.0, 0.6, 0.35
# What all words of an answer that were asked for weigh, against those of its best phrasing.
ALL_WORDS = 1.0
# How much a phrasing loses by words that were not asked for, and what the question itself gains.
LENGTH_COUNTS, SHORTEST, QUESTION_GAINS = 0.7, 1.0, 1.2
# What a phrasing gains that has all words of the query and no other.
EXACT_GAINS = 2.0
# Words are looked up from the rarest on, until so many texts have one of them; the others count in these texts only.
ENOUGH_TEXTS = 200
# By the words of its body alone an answer is found where they are rarer.
FEW_TEXTS = 40
# So many phrasings are ranked at most, and so many bodies are read: of the best, and of those with a rare word.
MOST_PHRASINGS, MOST_BODIES = 500, 50


class Found(NamedTuple):
    """A stem that may stand for the word at a place of the query, how likely, and how many texts have it."""

    place: int
    stem: str
    weight: float
    texts: int


class Term(NamedTuple):
    place: int
    stem: str
    value: float
    texts: int

    @property
    def is_asking(self) -> bool:
        return self.stem.startswith("=")


def rarity(texts: int, *, of: int) -> float:
    """A word that few texts have says more."""
    return log(1 + of / texts)


def value_of(stem: str, *, texts: int, of: int) -> float:
    return rarity(texts, of=of) * (ASKING if stem.startswith("=") else 1.0)


def terms_of(found: Iterable[Found], *, of: int) -> list[Term]:
    """Each stem once, for the word that it stands for best, by falling value. `of`: how many texts there are.

    A word that was not typed is never worth more than the one that was.
    """
    by_place: dict[int, list[Found]] = defaultdict(list)
    for each in found:
        by_place[each.place].append(each)
    terms: dict[str, Term] = {}
    for place, those in by_place.items():
        for term in _of_place(place, [each for each in those if each.texts], of):
            if term.stem not in terms or terms[term.stem].value < term.value:
                terms[term.stem] = term
    return sorted(terms.values(), key=lambda term: (-term.value, term.stem))


def _of_place(place: int, found: list[Found], of: int) -> Iterable[Term]:
    surest = max((each.weight for each in found), default=0.0)
    values = [(each, value_of(each.stem, texts=each.texts, of=of)) for each in found]
    most = max((value for each, value in values if each.weight == surest), default=0.0)
    for each, value in values:
        yield Term(place, each.stem, each.weight * min(value, most), each.texts)


def looked_up(terms: Iterable[Term], *, enough: int) -> list[str]:
    """The stems that find texts, from the rarest on, until `enough` have one of them. Words that only ask find none,
    unless nothing else was asked."""
    rarest_first = sorted(terms, key=lambda term: (term.is_asking, term.texts, term.stem))
    chosen: list[str] = []
    texts = 0
    for term in rarest_first:
        if chosen and (term.is_asking or texts + term.texts > enough):
            break
        chosen.append(term.stem)
        texts += term.texts
    return chosen
