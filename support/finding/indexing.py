"""What search reads of the texts: their phrasings, their words, and how many texts have each (H2)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet

from portal.folding import is_greek, near_of, sound_of, words_of
from portal.markdown import plain
from support.articles.placeholders import PLACEHOLDER
from support.models import ArticleText, Indexed, Kind, Phrasing, SameWords, Word
from support.rules.ranking import value_of
from support.rules.synonyms import ASKING, EMPTY, SAME, asking_stem, folded

# PostgreSQL's own text search configurations: stems, and in English words without meaning.
CONFIGS = {"en": "english", "el": "greek"}

STEMS = "SELECT word, lexeme FROM unnest(%s::text[]) AS word, unnest(to_tsvector(%s::regconfig, word))"
BODIES = """
UPDATE support_articletext AS texts SET search = array_to_tsvector(string_to_array(given.stems, ' '))
FROM unnest(%s::bigint[], %s::text[]) AS given(id, stems) WHERE texts.id = given.id
"""
SHORTEST_STEM = 2
_BATCH = 2_000
# A longer one is no word.
LONGEST_WORD = 60


@dataclass(frozen=True)
class Stems:
    """How search knows the words of a language; a word that says nothing is known by an empty stem."""

    of_words: dict[str, str]
    special: dict[str, str]

    def of_body(self, words: Iterable[str]) -> set[str]:
        return {self.of_words[word] for word in words if word in self.of_words and word not in self.special}

    def of(self, words: Iterable[str]) -> list[str]:
        """Each once. Words that say nothing count where there is nothing else."""
        written = list(words)
        known = [self.special.get(word, self.of_words.get(word, "")) for word in written]
        plain_stems = [self.of_words[word] for word in written if word in self.of_words]
        meaning = [stem for stem in known if stem and not stem.startswith("=")]
        return list(dict.fromkeys([stem for stem in known if stem] if meaning else plain_stems))


def index(language: str) -> None:
    """All texts of a language anew."""
    texts = list(_texts().filter(language=language))
    stems = _stems(language, _words_of_texts(texts))
    Phrasing.objects.filter(language=language).delete()
    counts: Counter[str] = Counter()
    phrasings = []
    for text in texts:
        mine = _phrasings(text, stems)
        counts.update({*stems.of_body(_words_of_body(text.body)), *(stem for each in mine for stem in each.stems)})
        phrasings += mine
    _weigh(phrasings, counts, of=len(texts))
    Phrasing.objects.bulk_create(phrasings, batch_size=_BATCH)
    _index_bodies(texts, stems)
    Word.objects.filter(language=language).delete()
    _keep_words(language, stems, counts)
    _count_texts(language)


def index_text(text: ArticleText) -> None:
    """One text anew, after its words have changed."""
    if text.article.kind != Kind.ANSWER or not text.article.is_up:
        return
    language = text.language
    before = _stems_there(text)
    stems = _stems(language, _words_of_texts([text]))
    text.phrasings.all().delete()
    phrasings = _phrasings(text, stems)
    _index_bodies([text], stems)
    after = {*stems.of_body(_words_of_body(text.body)), *(stem for each in phrasings for stem in each.stems)}
    _keep_words(language, stems, Counter())
    _count(language, after - before, 1)
    _count(language, before - after, -1)
    _forget_words(language)
    counts = dict(Word.objects.filter(language=language, stem__in=after).values_list("stem", "texts"))
    _weigh(phrasings, counts, of=_count_texts(language))
    Phrasing.objects.bulk_create(phrasings)


def forget_text(text: ArticleText) -> None:
    """Nothing is found by it any more; its words stay words of the language."""
    _count(text.language, _stems_there(text), -1)
    text.phrasings.all().delete()
    ArticleText.objects.filter(pk=text.pk).update(search=None)
    _count_texts(text.language)


def stems_of(words: list[str], language: str) -> list[tuple[str, str]]:
    """Word and stem; words without meaning are left out. Where PostgreSQL leaves a letter, as of all of the Greek words
    for "back", "where" and "go", the word is its own stem."""
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words, CONFIGS[language]])
        return [(word, stem if len(stem) >= SHORTEST_STEM else word) for word, stem in cursor.fetchall()]


def sound_in(word: str, language: str) -> str:
    """Greek is typed in Latin letters too; other languages are compared as they are written."""
    return sound_of(word) if language == "el" else word


def _texts() -> QuerySet[ArticleText]:
    """Those of answers that readers see: guides and videos do not compete with them."""
    answers = ArticleText.objects.filter(article__kind=Kind.ANSWER, article__taken_down_at__isnull=True)
    return answers.defer("search")


def _stems(language: str, words: set[str]) -> Stems:
    """Of these words and of all that have synonyms; and the synonyms learn their stems."""
    rows = list(SameWords.objects.filter(language=language))
    same = {row.pk: folded(row.words) for row in rows}
    of_words = dict(stems_of(sorted(words.union(*same.values())), language))
    special = {word: asking_stem(row.words) for row in rows if row.kind == ASKING for word in same[row.pk]}
    special |= dict.fromkeys((word for row in rows if row.kind == EMPTY for word in same[row.pk]), "")
    _learn(rows, {row.pk: sorted({of_words[word] for word in same[row.pk] if word in of_words}) for row in rows})
    return _as_they_sound(Stems(of_words, special), language)


def _as_they_sound(stems: Stems, language: str) -> Stems:
    """A keyword of a Greek text that is Greek in Latin letters is known by the Greek word."""
    if language != "el":
        return stems
    known = {sound_of(word): stem for word, stem in (stems.of_words | stems.special).items() if is_greek(word)}
    latin = {word: sound_of(word) for word in stems.of_words if not is_greek(word) and word not in stems.special}
    greek = {word: known[sound] for word, sound in latin.items() if sound in known}
    special = {word: stem for word, stem in greek.items() if not stem or stem.startswith("=")}
    return Stems(stems.of_words | greek, stems.special | special)


def _learn(rows: Iterable[SameWords], stems: Mapping[int, list[str]]) -> None:
    changed = [row for row in rows if row.kind == SAME and row.stems != stems[row.pk]]
    for row in changed:
        row.stems = stems[row.pk]
    SameWords.objects.bulk_update(changed, ["stems"])


def _phrasings(text: ArticleText, stems: Stems) -> list[Phrasing]:
    """Without those that say the same again."""
    found: dict[tuple[str, ...], Phrasing] = {}
    for place, asked in enumerate([text.question, *text.keywords]):
        own = stems.of(_words(asked))
        if own and tuple(sorted(own)) not in found:
            found[tuple(sorted(own))] = Phrasing(
                text=text, language=text.language, is_question=place == 0, stems=own, length=0
            )
    return list(found.values())


def _weigh(phrasings: Iterable[Phrasing], counts: Mapping[str, int], *, of: int) -> None:
    for each in phrasings:
        each.length = sum(value_of(stem, texts=max(counts.get(stem, 1), 1), of=max(of, 1)) for stem in each.stems)


def _index_bodies(texts: Iterable[ArticleText], stems: Stems) -> None:
    bodies = {text.pk: " ".join(sorted(stems.of_body(_words_of_body(text.body)))) for text in texts}
    with connection.cursor() as cursor:
        cursor.execute(BODIES, [list(bodies), list(bodies.values())])


def _keep_words(language: str, stems: Stems, counts: Mapping[str, int]) -> None:
    """Adds the words that are not there."""
    known = {**stems.of_words, **stems.special}
    rows = [_word(language, word, stem, counts.get(stem, 0)) for word, stem in sorted(known.items())]
    Word.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _word(language: str, word: str, stem: str, texts: int) -> Word:
    sound = sound_in(word, language)[:120]
    return Word(language=language, word=word, sound=sound, stem=stem, near=near_of(sound), texts=texts)


def _count_texts(language: str) -> int:
    count = _texts().filter(language=language).count()
    Indexed.objects.update_or_create(language=language, defaults={"texts": count})
    return count


def _stems_there(text: ArticleText) -> set[str]:
    """As they were indexed last."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unnest(stems) FROM support_phrasing WHERE text_id = %(text)s
            UNION SELECT unnest(tsvector_to_array(search)) FROM support_articletext WHERE id = %(text)s
            """,
            {"text": text.pk},
        )
        return {row[0] for row in cursor.fetchall()}


def _count(language: str, stems: set[str], change: int) -> None:
    Word.objects.filter(language=language, stem__in=stems, texts__gte=max(-change, 0)).update(texts=F("texts") + change)


def _forget_words(language: str) -> None:
    """Words that no text has any more, unless they have synonyms: what is typed like them is mended again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM support_word AS word
            WHERE word.language = %(language)s AND word.texts = 0
            AND word.stem <> '' AND NOT starts_with(word.stem, '=')
            AND NOT EXISTS (SELECT FROM support_samewords AS same
                            WHERE same.language = %(language)s AND word.stem = ANY(same.stems))
            """,
            {"language": language},
        )


def _words_of_texts(texts: Iterable[ArticleText]) -> set[str]:
    return {
        word
        for text in texts
        for words in (_words(text.question), *map(_words, text.keywords), _words_of_body(text.body))
        for word in words
    }


def _words(asked: str) -> list[str]:
    return [word for word in words_of(PLACEHOLDER.sub(" ", asked)) if len(word) <= LONGEST_WORD]


def _words_of_body(body: str) -> list[str]:
    return _words(plain(PLACEHOLDER.sub(" ", body)))
