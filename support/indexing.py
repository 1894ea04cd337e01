"""What search reads of the articles: vectors that weigh question, keywords and body, and the words there are (H2)."""

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import TextField, Value

from portal.markdown import plain
from support.models import ArticleText, Kind, Word
from support.placeholders import PLACEHOLDER
from support.rules.folding import sound_of, words_of

# PostgreSQL's own text search configurations: stems, and in English words without meaning.
CONFIGS = {"en": "english", "el": "greek"}

STEMS = "SELECT word, lexeme FROM unnest(%s::text[]) AS word, unnest(to_tsvector(%s::regconfig, word))"


def index(language: str) -> None:
    """Reckoned anew for the whole language: a hundred texts take a moment."""
    words: set[str] = set()
    for text in ArticleText.objects.filter(language=language, article__kind=Kind.ANSWER).defer("search"):
        words |= _index_text(text)
    Word.objects.filter(language=language).delete()
    Word.objects.bulk_create(
        Word(language=language, word=word[:60], sound=sound_in(word, language)[:120], stem=stem[:60])
        for word, stem in stems_of(sorted(words), language)
    )


def stems_of(words: list[str], language: str) -> list[tuple[str, str]]:
    """Word and stem; words without meaning are left out."""
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words, CONFIGS[language]])
        return cursor.fetchall()


def _index_text(text: ArticleText) -> set[str]:
    parts = {"A": words_of(text.question), "B": words_of(" ".join(text.keywords)), "D": _words_of_body(text.body)}
    config = CONFIGS[text.language]
    vectors = [
        SearchVector(Value(" ".join(words), output_field=TextField()), weight=weight, config=config)
        for weight, words in parts.items()
    ]
    ArticleText.objects.filter(pk=text.pk).update(search=vectors[0] + vectors[1] + vectors[2])
    return {word for words in parts.values() for word in words}


def _words_of_body(body: str) -> list[str]:
    return words_of(plain(PLACEHOLDER.sub(" ", body)))


def sound_in(word: str, language: str) -> str:
    """Greek is typed in Latin letters too; other languages are compared as they are written."""
    return sound_of(word) if language == "el" else word
