"""Articles, guides and videos brought from files, and texts that an editor changes (H1)."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from portal.audit import record
from support.actions.placing import PLACE
from support.actions.same_words import load_same_words
from support.articles.series import SERIES
from support.categories import CATEGORIES
from support.files import content as content_files
from support.files.howtos import read_howtos
from support.finding.indexing import index, index_text
from support.models import Article, ArticleText, ArticleVersion, Kind
from support.site_pages import pages_without_arguments

KINDS = list(Kind)


@dataclass
class Loaded:
    """What became of the files. Names are `<language>/<slug>`."""

    loaded: list[str] = field(default_factory=list)
    unchanged: int = 0
    # Changed by an editor and in the file too: the editor's words stay.
    kept: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@transaction.atomic
def load_articles(folder: Path, *, now: datetime) -> Loaded:
    """H1: the folders of all languages. DataFileError says each fault, and nothing is loaded then."""
    by_language = {code: _read(folder / code, code) for code, _name in settings.LANGUAGES}
    found = Loaded()
    rows = _bring_articles(by_language, found)
    for language, files in by_language.items():
        _bring_texts(language, files, rows, found, now=now)
        load_same_words(language)
        index(language)
    found.missing = [
        f"{language}/{slug}" for language, files in by_language.items() for slug in rows if slug not in files
    ]
    return found


@transaction.atomic
def change_text(
    *,
    text: ArticleText,
    question: str,
    body: str,
    keywords: list[str],
    links: list[dict[str, str]] | None = None,
    now: datetime,
    by: Account | None,
) -> ArticleText:
    """An editor's words, which no file overwrites from then on; what stood there before is in the audit.

    None for `links` leaves them; `by` is None where a moment has come that an editor set.
    """
    row = ArticleText.objects.select_for_update().get(pk=text.pk)
    record(
        "article_changed",
        account=None,
        by=by,
        now=now,
        subject=row,
        before={"question": row.question, "body": row.body, "keywords": row.keywords},
    )
    row.question, row.body, row.keywords = question, body, keywords
    row.links = row.links if links is None else links
    row.updated_at = row.edited_at = now
    row.save(update_fields=["question", "body", "keywords", "links", "updated_at", "edited_at"])
    version_of(row, is_of_file=False).save(force_insert=True)
    index_text(row)
    return row


def version_of(text: ArticleText, *, is_of_file: bool) -> ArticleVersion:
    """The words as readers see them from now on, not saved."""
    return ArticleVersion(
        article_id=text.article_id,
        language=text.language,
        question=text.question,
        body=text.body,
        keywords=text.keywords,
        links=text.links,
        at=text.updated_at,
        is_of_file=is_of_file,
    )


def _read(folder: Path, language: str) -> dict[str, content_files.Article]:
    pages = pages_without_arguments()
    answers = content_files.read_articles(folder, language=language, pages=pages)
    return answers | read_howtos(folder, language=language, pages=pages, answers=answers)


def _bring_articles(
    by_language: Mapping[str, Mapping[str, content_files.Article]], found: Loaded
) -> dict[str, Article]:
    """One row for each slug, in the order of the categories; the first language that has it says what it is."""
    first: dict[str, content_files.Article] = {}
    for files in by_language.values():
        first = {**files, **first}
    in_order = sorted(first.values(), key=_place)
    gone = Article.objects.exclude(slug__in=first).exclude(is_editors=True)
    found.removed = list(gone.order_by("slug").values_list("slug", flat=True))
    gone.delete()
    return {each.slug: _bring_article(each, position) for position, each in enumerate(in_order)}


def _place(file: content_files.Article) -> tuple[int, int, int, int, str]:
    """Answers by category and as the public text has them; guides; videos by group."""
    category = list(CATEGORIES).index(file.category) if file.kind == Kind.ANSWER else 0
    series = list(SERIES).index(file.series) if file.series else 0
    return (KINDS.index(Kind(file.kind)), category, series, file.place or min(file.answers), file.slug)


def _bring_article(file: content_files.Article, position: int) -> Article:
    values = {
        "kind": file.kind,
        "series": file.series,
        "is_editors": False,
        "category": file.category,
        "also_in": list(file.also_in),
        "position": position,
        "done_in": file.done_in,
        "related": list(file.related),
        "guide": file.guide,
        "answers": list(file.answers),
    }
    row, is_new = Article.objects.get_or_create(slug=file.slug, defaults=values)
    if not is_new:
        kept = PLACE if row.placed_at else ()
        for name, value in values.items():
            if name not in kept:
                setattr(row, name, value)
        row.save(update_fields=[name for name in values if name not in kept])
    return row


def _bring_texts(
    language: str,
    files: Mapping[str, content_files.Article],
    rows: Mapping[str, Article],
    found: Loaded,
    *,
    now: datetime,
) -> None:
    texts = {text.article_id: text for text in ArticleText.objects.filter(language=language)}
    saved = []
    for slug, file in files.items():
        text, source_hash = texts.get(rows[slug].pk), _hash(file)
        name = f"{language}/{slug}"
        if text and text.source_hash == source_hash:
            found.unchanged += 1
        elif text and text.edited_at:
            found.kept.append(name)
        else:
            saved.append(_save_text(rows[slug], file, source_hash, now=now))
            found.loaded.append(name)
    ArticleVersion.objects.bulk_create(version_of(text, is_of_file=True) for text in saved)
    # A text whose file is gone is missing, unless an editor has made it theirs.
    here = [rows[slug].pk for slug in files]
    of_files = ArticleText.objects.filter(language=language, edited_at=None, article__is_editors=False)
    of_files.exclude(article_id__in=here).delete()


def _hash(file: content_files.Article) -> str:
    words = (file.question, file.body, file.keywords, file.links)
    return hashlib.sha256(repr(words).encode()).hexdigest()


def _save_text(article: Article, file: content_files.Article, source_hash: str, *, now: datetime) -> ArticleText:
    values = {
        "question": file.question,
        "body": file.body,
        "keywords": list(file.keywords),
        "links": [asdict(link) for link in file.links],
        "updated_at": now,
        "source_hash": source_hash,
    }
    text, _is_new = ArticleText.objects.update_or_create(article=article, language=file.language, defaults=values)
    return text
