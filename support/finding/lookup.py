"""Which stems may stand for the words of a query: as written, as it sounds, mended, begun, or meaning the same (H2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from portal.folding import SHORTEST_MENDED, near_of, sounds_of, words_of
from portal.near import each_kept_near
from support.finding.indexing import CONFIGS, sound_in
from support.rules.ranking import BEGUN, MORE_ERRORS, ONE_ERROR, ONE_ERROR_OF_FEW, SYNONYM, Found

LONGEST_QUERY = 200
MOST_WORDS = 28
# From so many letters on the last word may be one that is still being typed.
SHORTEST_BEGUN = 3

# A word that is there as it was typed is that word. Else it is one of its forms, or one that sounds alike; else one
# that is an error away, else the likest by trigrams.
_FOUND = """
WITH typed AS MATERIALIZED (
    SELECT place, word, sound, string_to_array(near, ' ') AS near, begins
    FROM unnest(%(places)s::int[], %(words)s::text[], %(sounds)s::text[], %(nears)s::text[], %(begins)s::text[])
         AS typed(place, word, sound, near, begins)
), written AS MATERIALIZED (
    SELECT DISTINCT typed.place, known.stem
    FROM typed JOIN support_word AS known ON known.language = %(language)s AND known.word = typed.word
), alike AS MATERIALIZED (
    SELECT typed.place, known.stem
    FROM typed JOIN support_word AS known ON known.language = %(language)s AND known.sound = typed.sound
    WHERE NOT EXISTS (SELECT FROM written WHERE written.place = typed.place)
    UNION
    SELECT typed.place, form.lexeme
    FROM typed CROSS JOIN unnest(to_tsvector(%(config)s::regconfig, typed.word)) AS form
    WHERE NOT EXISTS (SELECT FROM written WHERE written.place = typed.place)
      AND EXISTS (SELECT FROM support_word AS known WHERE known.language = %(language)s AND known.stem = form.lexeme)
), lost AS MATERIALIZED (
    SELECT typed.* FROM typed
    WHERE to_tsvector(%(config)s::regconfig, typed.word) <> ''
      AND NOT EXISTS (SELECT FROM written WHERE written.place = typed.place)
      AND NOT EXISTS (SELECT FROM alike WHERE alike.place = typed.place)
), near AS MATERIALIZED (
    SELECT DISTINCT lost.place, known.stem,
           CASE WHEN length(lost.sound) > %(short)s THEN %(one_error)s ELSE %(one_error_of_few)s END AS weight
    FROM lost JOIN support_word AS known ON known.language = %(language)s AND known.near && lost.near::varchar[]
    WHERE cardinality(lost.near) > 0 AND known.stem <> ''
), likest AS (
    SELECT lost.place, likest.stem, likest.likeness / max(likest.likeness) OVER (PARTITION BY lost.place) AS share
    FROM lost CROSS JOIN LATERAL (
        SELECT known.stem, max(similarity(known.sound, lost.sound)) AS likeness
        FROM support_word AS known
        WHERE known.language = %(language)s AND known.sound %% lost.sound AND known.stem <> ''
        GROUP BY known.stem ORDER BY likeness DESC, known.stem LIMIT 3
    ) AS likest
    WHERE cardinality(lost.near) > 0
), begun AS (
    SELECT DISTINCT lost.place, known.stem
    FROM lost CROSS JOIN LATERAL (
        SELECT stem FROM support_word AS known
        WHERE known.language = %(language)s AND known.sound >= lost.sound AND known.sound < lost.begins
          AND known.stem <> ''
        ORDER BY known.texts DESC, known.sound LIMIT 12
    ) AS known
    WHERE lost.begins <> ''
), found AS MATERIALIZED (
    SELECT place, stem, 1.0 AS weight FROM written
    UNION ALL SELECT place, stem, 1.0 FROM alike
    UNION ALL SELECT place, stem, weight FROM near
    UNION ALL SELECT place, stem, %(more_errors)s * share FROM likest
    UNION ALL SELECT place, stem, %(begun)s FROM begun
), meant AS (
    SELECT place, stem, weight FROM found
    UNION ALL
    SELECT found.place, other.stem, found.weight * %(synonym)s
    FROM found JOIN support_samewords AS same ON same.language = %(language)s AND found.stem = ANY(same.stems)
    CROSS JOIN unnest(same.stems) AS other(stem)
)
SELECT meant.place, meant.stem, max(meant.weight)::float,
       coalesce((SELECT max(known.texts) FROM support_word AS known
                 WHERE known.language = %(language)s AND known.stem = meant.stem), 0),
       coalesce((SELECT texts FROM support_indexed WHERE language = %(language)s), 0)
FROM meant GROUP BY meant.place, meant.stem
"""


@dataclass(frozen=True)
class Lookup:
    found: list[Found]
    # How many texts the language has.
    texts: int
    # The share of the words that the language has, as they are written or as they sound.
    known: float


class Typed(NamedTuple):
    word: str
    is_last: bool


class Meant(NamedTuple):
    """A stem that a word may stand for, how likely, how many texts have it, and how many texts there are."""

    stem: str
    weight: float
    texts: int
    all_texts: int


def found(query: str, language: str) -> Lookup:
    """What is typed beyond `LONGEST_QUERY` is not read. One query, where a word is new."""
    words = list(dict.fromkeys(words_of(query[:LONGEST_QUERY])))[:MOST_WORDS]
    typed = [Typed(word, is_last=place == len(words)) for place, word in enumerate(words, 1)]
    meant = each_kept_near(f"words in {language}", typed, lambda new: _looked_up(new, language))
    rows = [(place, each) for place, word in enumerate(typed) for each in meant[word]]
    known = {place for place, each in rows if each.weight == 1.0}
    return Lookup(
        _with_meaning([Found(place, each.stem, each.weight, each.texts) for place, each in rows]),
        texts=rows[0][1].all_texts if rows else 0,
        known=len(known) / len(words) if words else 0.0,
    )


def _looked_up(typed: Sequence[Typed], language: str) -> dict[Typed, tuple[Meant, ...]]:
    """A word means the same in each question, but that the last one may have more letters to come."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, _asked(typed, language))
        answer = cursor.fetchall()
    meant: dict[Typed, list[Meant]] = {each: [] for each in typed}
    for place, *row in answer:
        meant[typed[place]].append(Meant(*row))
    return {each: tuple(those) for each, those in meant.items()}


def _asked(typed: Sequence[Typed], language: str) -> dict[str, Any]:
    spoken = [
        (place, word, sound, is_last)
        for place, (word, is_last) in enumerate(typed)
        for sound in (sounds_of(word) if language == "el" else [sound_in(word, language)])
    ]
    return {
        "places": [place for place, _word, _sound, _is_last in spoken],
        "words": [word for _place, word, _sound, _is_last in spoken],
        "sounds": [sound for _place, _word, sound, _is_last in spoken],
        "nears": [" ".join(near_of(sound)) for _place, _word, sound, _is_last in spoken],
        "begins": [_after(sound) if is_last else "" for _place, _word, sound, is_last in spoken],
        "language": language,
        "config": CONFIGS[language],
        "short": SHORTEST_MENDED,
        "one_error": ONE_ERROR,
        "one_error_of_few": ONE_ERROR_OF_FEW,
        "more_errors": MORE_ERRORS,
        "begun": BEGUN,
        "synonym": SYNONYM,
    }


def _after(sound: str) -> str:
    """What no word that begins so comes behind; empty where too little is typed."""
    return sound + "\uffff" if len(sound) >= SHORTEST_BEGUN else ""


def _with_meaning(rows: list[Found]) -> list[Found]:
    """Without the words that say nothing."""
    by_place: dict[int, list[Found]] = defaultdict(list)
    for row in rows:
        by_place[row.place].append(row)
    return [row for those in by_place.values() if all(each.stem for each in those) for row in those]
