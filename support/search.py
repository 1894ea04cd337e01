"""Finds the answer to a question in other words, with typing errors, and to Greek typed in Latin letters (H2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from portal.markdown import plain
from portal.models import Market
from support.facts import facts_of, fill
from support.indexing import CONFIGS, sound_in, stems_of
from support.models import ArticleText
from support.rules.folding import words_of
from support.rules.ranking import Hit, ranked
from support.rules.synonyms import Vocabulary, read_vocabulary

LONGEST_QUERY = 120
MOST_WORDS = 16
MOST_RESULTS = 10
# How far another word than the one typed counts.
SYNONYM, MENDED, BEGUN = 0.8, 0.8, 0.6
# How far a word counts of which the articles have another form only.
OTHER_FORM = 0.85
# From this share of common trigrams on, a word is taken for a mistyped one.
LIKENESS = 0.35
LONG_ENOUGH_TO_MEND = 4
# Marks around what matched, until the passage is taken apart; no text has them.
_BEGIN, _END = "\x02", "\x03"
VOCABULARIES = Path(__file__).parent / "synonyms"

# For each word typed that no article has: the likest ones there are, and those that begin with the last.
_LIKE = """
SELECT typed.word, found.stem, found.likeness
FROM unnest(%(words)s::text[], %(sounds)s::text[]) AS typed(word, sound)
CROSS JOIN LATERAL (
    SELECT stem, max(similarity(sound, typed.sound)) AS likeness
    FROM support_word
    WHERE language = %(language)s AND similarity(sound, typed.sound) >= %(least)s
    GROUP BY stem ORDER BY likeness DESC, stem LIMIT 3
) AS found
UNION ALL
SELECT %(last)s, stem, -1
FROM (SELECT DISTINCT stem FROM support_word
      WHERE language = %(language)s AND %(last)s <> ''
        AND (starts_with(word, %(last)s) OR starts_with(sound, %(last_sound)s))
      ORDER BY stem LIMIT 12) AS begun
"""

# Where each form of a word stands in each text.
_HITS = """
SELECT term.place, texts.id, term.weight,
       ts_filter(texts.search, '{a}') @@ term.stem::tsquery,
       ts_filter(texts.search, '{b}') @@ term.stem::tsquery,
       ts_rank('{1, 0, 0, 0}', texts.search, term.stem::tsquery) / 0.6079271,
       length(ts_filter(texts.search, '{a}'))
FROM unnest(%(places)s::int[], %(stems)s::text[], %(weights)s::float[]) AS term(place, stem, weight)
JOIN support_articletext AS texts ON texts.language = %(language)s AND texts.search @@ term.stem::tsquery
"""

_PASSAGES = """
SELECT ts_headline(%(config)s::regconfig, body, %(query)s::tsquery, %(options)s)
FROM unnest(%(bodies)s::text[]) WITH ORDINALITY AS given(body, place) ORDER BY place
"""
_OPTIONS = f'StartSel="{_BEGIN}", StopSel="{_END}", MinWords=14, MaxWords=28, MaxFragments=1'


@dataclass(frozen=True, kw_only=True)
class Passage:
    words: str
    is_match: bool


@dataclass(frozen=True, kw_only=True)
class Result:
    text: ArticleText
    question: str
    passage: list[Passage]


@dataclass(frozen=True)
class Term:
    """A stem that stands for the word at a place of the query, and how far it counts."""

    place: int
    stem: str
    weight: float


def search(query: str, *, language: str, market: Market, most: int = MOST_RESULTS) -> list[Result]:
    """The best first. What is typed beyond `LONGEST_QUERY` is not read. A fixed number of queries."""
    terms = _terms(query, language)
    hits = _hits(terms, language) if terms else []
    if not hits:
        return []
    ids = ranked(hits, texts=_count(language))[:most]
    texts = ArticleText.objects.select_related("article").defer("search").in_bulk(ids)
    return _presented([texts[each] for each in ids], terms, language, facts_of(market))


def _count(language: str) -> int:
    return ArticleText.objects.filter(language=language).count()


@cache
def vocabulary(language: str) -> Vocabulary:
    return read_vocabulary((VOCABULARIES / f"{language}.txt").read_text(encoding="utf-8"))


def _terms(query: str, language: str) -> list[Term]:
    known = vocabulary(language)
    typed = words_of(query[:LONGEST_QUERY])[:MOST_WORDS]
    # A question of empty words alone is searched for as it is.
    empty = {sound_in(word, language) for word in known.empty}
    words = list(dict.fromkeys(word for word in typed if sound_in(word, language) not in empty)) or typed
    alternatives = {word: known.same.get(word, frozenset()) for word in words}
    stems = dict(stems_of(sorted({*words, *(other for same in alternatives.values() for other in same)}), language))
    like = _like(words, language)
    found: dict[str, Term] = {}
    for place, word in enumerate(words):
        own = [(stems[word], _weight(word, like))] if word in stems else []
        same = [(stems[other], SYNONYM) for other in alternatives[word] if other in stems]
        for stem, weight in [*own, *same, *_mended(word, own, like)]:
            # What two words of the query mean alike counts once.
            if stem not in found or found[stem].weight < weight:
                found[stem] = Term(place, stem, weight)
    return list(found.values())


def _weight(word: str, like: Mapping[str, list[tuple[str, float]]]) -> float:
    is_written_so = any(likeness == 1 for _stem, likeness in like.get(word, []))
    return 1.0 if is_written_so or len(word) < LONG_ENOUGH_TO_MEND else OTHER_FORM


def _mended(
    word: str, own: list[tuple[str, float]], like: Mapping[str, list[tuple[str, float]]]
) -> list[tuple[str, float]]:
    """Likely words in place of one that no article has; and what the last word may become while it is typed."""
    alike = [(stem, likeness) for stem, likeness in like.get(word, []) if likeness > 0]
    begun = [(stem, BEGUN) for stem, likeness in like.get(word, []) if likeness < 0]
    known = any(stem == mine for stem, _likeness in alike for mine, _weight in own)
    return [*([] if known else [(stem, MENDED * likeness) for stem, likeness in alike]), *begun]


def _like(words: list[str], language: str) -> dict[str, list[tuple[str, float]]]:
    long = [word for word in words if len(word) >= LONG_ENOUGH_TO_MEND]
    last = words[-1] if words and len(words[-1]) > 1 else ""
    asked: dict[str, Any] = {
        "words": long,
        "sounds": [sound_in(word, language) for word in long],
        "language": language,
        "least": LIKENESS,
        "last": last,
        "last_sound": sound_in(last, language),
    }
    found: dict[str, list[tuple[str, float]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, asked)
        for word, stem, likeness in cursor.fetchall():
            found.setdefault(word, []).append((stem, likeness))
    return found


def _hits(terms: list[Term], language: str) -> list[Hit]:
    asked: dict[str, Any] = {
        "places": [term.place for term in terms],
        "stems": [term.stem for term in terms],
        "weights": [term.weight for term in terms],
        "language": language,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HITS, asked)
        return [Hit(*row) for row in cursor.fetchall()]


def _presented(
    texts: list[ArticleText], terms: Iterable[Term], language: str, facts: Mapping[str, str]
) -> list[Result]:
    bodies = [plain(fill(text.body, facts)).replace("\n", " ") for text in texts]
    stems = sorted({term.stem for term in terms})
    asked: dict[str, Any] = {
        "config": CONFIGS[language],
        "query": " | ".join(stems),
        "options": _OPTIONS,
        "bodies": bodies,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, asked)
        passages = [row[0] for row in cursor.fetchall()]
    return [
        Result(text=text, question=fill(text.question, facts), passage=_parts(passage))
        for text, passage in zip(texts, passages, strict=True)
    ]


def _parts(passage: str) -> list[Passage]:
    first, *rest = passage.split(_BEGIN)
    parts = [Passage(words=first, is_match=False)]
    for piece in rest:
        match, _end, after = piece.partition(_END)
        parts += [Passage(words=match, is_match=True), Passage(words=after, is_match=False)]
    return [part for part in parts if part.words]
