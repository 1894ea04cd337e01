"""Finds the answer to a question in other words, with typing errors, and to Greek typed in Latin letters (H2)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from portal.markdown import plain
from portal.models import Market
from portal.near import each_kept_near
from portal.querying.written import Given, is_one_of, written
from support.articles.facts import facts_of, fill
from support.articles.hub import url_of
from support.finding.indexing import CONFIGS
from support.finding.lookup import LONGEST_QUERY, found
from support.models import ArticleText
from support.rules import ranking
from support.rules.ranking import Term, looked_up, terms_of

__all__ = ["LONGEST_QUERY", "MOST_RESULTS", "Passage", "Result", "search"]

MOST_RESULTS = 10
# Where fewer of the words are known, the question may be in another language.
FAMILIAR = 0.5
SHORTEST_BEGINNING = 5
# Marks around what matched, until the passage is taken apart; no text has them.
_BEGIN, _END = "\x02", "\x03"

# An answer is worth what its best phrasing says of what was asked, and what all of it says together. The rarest words
# find the candidates, so that five thousand answers take no longer than a hundred.
_RANKED = """
WITH term AS MATERIALIZED (
    SELECT place, stem, value FROM unnest(%(places)s::int[], %(stems)s::text[], %(values)s::float[])
    AS term(place, stem, value)
), phrasing AS MATERIALIZED (
    SELECT id, text_id, is_question, stems, length
    FROM support_phrasing WHERE language = %(language)s AND stems && %(looked_up)s::varchar[]
    ORDER BY length LIMIT %(most_phrasings)s
), hit AS MATERIALIZED (
    SELECT phrasing.id, phrasing.text_id, phrasing.is_question, phrasing.length, term.place, max(term.value) AS value
    FROM phrasing CROSS JOIN unnest(phrasing.stems) AS own(stem) JOIN term ON term.stem = own.stem
    GROUP BY phrasing.id, phrasing.text_id, phrasing.is_question, phrasing.length, term.place
), phrased AS (
    SELECT text_id, sum(value) / greatest(length, %(shortest)s) ^ %(length_counts)s
                    * CASE WHEN is_question THEN %(question_gains)s ELSE 1 END
                    * CASE WHEN count(*) = %(words)s AND sum(value) > length * 0.99 THEN %(exact_gains)s ELSE 1 END
           AS value
    FROM hit GROUP BY text_id, id, length, is_question
), best AS MATERIALIZED (
    SELECT text_id, max(value) AS value FROM phrased GROUP BY text_id
), body AS MATERIALIZED (
    SELECT id, search FROM support_articletext WHERE id IN (
        (SELECT text_id FROM best ORDER BY value DESC, text_id LIMIT %(most_bodies)s)
        UNION
        (SELECT id FROM support_articletext
         WHERE language = %(language)s AND search @@ %(rarest)s::tsquery LIMIT %(most_bodies)s)
    )
), said AS (
    SELECT text_id, place, value * CASE WHEN is_question THEN %(in_question)s ELSE %(in_keywords)s END AS value FROM hit
    UNION ALL
    SELECT body.id, term.place, term.value * %(in_body)s
    FROM body JOIN term ON NOT starts_with(term.stem, '=') AND body.search @@ term.stem::tsquery
), whole AS (
    SELECT text_id, sum(value) AS value
    FROM (SELECT text_id, place, max(value) AS value FROM said GROUP BY text_id, place) AS word GROUP BY text_id
)
SELECT whole.text_id
FROM whole LEFT JOIN best USING (text_id)
ORDER BY whole.value * %(all_words)s + coalesce(best.value, 0) DESC, whole.text_id LIMIT %(most)s
"""

_PASSAGES = """
SELECT ts_headline(config::regconfig, body, %(query)s::tsquery, %(options)s)
FROM unnest(%(configs)s::text[], %(bodies)s::text[]) WITH ORDINALITY AS given(config, body, place) ORDER BY place
"""
_OPTIONS = f'StartSel="{_BEGIN}", StopSel="{_END}", MinWords=14, MaxWords=28, MaxFragments=1'


class Passage(NamedTuple):
    words: str
    is_match: bool


class Shown(NamedTuple):
    """A text as the market's readers see it, without its markup, and where they find it. Words alone: ten of them are
    taken out of the process's memory for each question, and a row of the database takes ten times as long to unpack."""

    slug: str
    category: str
    language: str
    question: str
    body: str
    url: str


class Result(NamedTuple):
    shown: Shown
    passage: list[Passage]


def search(
    query: str,
    *,
    language: str,
    market: Market,
    most: int = MOST_RESULTS,
    facts: Mapping[str, str] | None = None,
) -> list[Result]:
    """The best first, in this language, whichever it was asked in. What is typed beyond `LONGEST_QUERY` is not read. A
    fixed number of queries; `facts` are those of the market, where they were asked for already."""
    asked_in, terms = _asked(query, language)
    ids = _ranked(terms, asked_in, most) if terms else []
    if not ids:
        return []
    kept = f"texts for {language} in {market.code}"
    shown = each_kept_near(kept, ids, lambda new: _shown(new, language, facts_of(market) if facts is None else facts))
    return _presented([shown[each] for each in ids if each in shown], terms)


def _asked(query: str, language: str) -> tuple[str, list[Term]]:
    """The language in which more of the words are known, and what they may stand for there; the given one first."""
    tries = {language: found(query, language)}
    if tries[language].known < FAMILIAR:
        tries |= {code: found(query, code) for code, _name in settings.LANGUAGES if code != language}
    best = max(tries, key=lambda code: tries[code].known)
    return best, terms_of(tries[best].found, of=tries[best].texts)


def _ranked(terms: list[Term], language: str, most: int) -> list[int]:
    asked: dict[str, Any] = {
        "places": [term.place for term in terms],
        "stems": [term.stem for term in terms],
        "values": [term.value for term in terms],
        "looked_up": looked_up(terms, enough=ranking.ENOUGH_TEXTS),
        "rarest": " | ".join(term for term in looked_up(terms, enough=ranking.FEW_TEXTS) if not term.startswith("=")),
        "language": language,
        "words": len({term.place for term in terms}),
        "exact_gains": ranking.EXACT_GAINS,
        "shortest": ranking.SHORTEST,
        "length_counts": ranking.LENGTH_COUNTS,
        "question_gains": ranking.QUESTION_GAINS,
        "in_question": ranking.IN_QUESTION,
        "in_keywords": ranking.IN_KEYWORDS,
        "in_body": ranking.IN_BODY,
        "all_words": ranking.ALL_WORDS,
        "most_phrasings": ranking.MOST_PHRASINGS,
        "most_bodies": ranking.MOST_BODIES,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, asked)
        return [row[0] for row in cursor.fetchall()]


def _shown(ids: Sequence[int], language: str, facts: Mapping[str, str]) -> dict[int, Shown]:
    """In the language where there is one."""
    texts = _with_own(ids=list(ids), language=language)
    by_id = {text.pk: text for text in texts}
    own = {text.article_id: text for text in texts if text.language == language}
    there = {each: own.get(by_id[each].article_id, by_id[each]) for each in ids if each in by_id}
    return {
        each: Shown(
            slug=text.article.slug,
            category=text.article.category,
            language=text.language,
            question=fill(text.question, facts),
            body=plain(fill(text.body, facts)),
            url=url_of(text.article),
        )
        for each, text in there.items()
    }


@written
def _with_own(*, ids: Given, language: Given) -> QuerySet[ArticleText]:
    """With the text of the same article in that language."""
    ranked = Q(is_one_of("pk", ids))
    is_own = Q(language=language, article__in=ArticleText.objects.filter(ranked).values("article"))
    return ArticleText.objects.select_related("article").defer("search").filter(ranked | is_own)


def _presented(shown: Sequence[Shown], terms: Iterable[Term]) -> list[Result]:
    bodies = [each.body.replace("\n", " ") for each in shown]
    asked: dict[str, Any] = {
        "configs": [CONFIGS[each.language] for each in shown],
        "query": " | ".join(sorted({_marked(term.stem) for term in terms if not term.is_asking})),
        "options": _OPTIONS,
        "bodies": bodies,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, asked)
        passages = [row[0] for row in cursor.fetchall()]
    return [
        Result(each, _parts(_from_within(passage, body)))
        for each, body, passage in zip(shown, bodies, passages, strict=True)
    ]


def _marked(stem: str) -> str:
    """A short stem marks its own forms alone: too many other words begin so."""
    return f"{stem}:*" if len(stem) >= SHORTEST_BEGINNING else stem


def _from_within(passage: str, body: str) -> str:
    """With dots before it, where it does not begin the answer."""
    words = passage.replace(_BEGIN, "").replace(_END, "")
    return passage if body.startswith(words) else f"… {passage}"


def _parts(passage: str) -> list[Passage]:
    first, *rest = passage.split(_BEGIN)
    parts = [Passage(words=first, is_match=False)]
    for piece in rest:
        match, _end, after = piece.partition(_END)
        parts += [Passage(words=match, is_match=True), Passage(words=after, is_match=False)]
    return [part for part in parts if part.words]
