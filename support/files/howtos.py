"""The how-to guides and videos: Markdown files in the folders `guides` and `videos` of a language, read strictly (H1).

`content/<language>/guides/<slug>.md`; the format stands in `content/README.md`.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from portal.files.data_files import DataFileError, Section
from support.articles import outline
from support.articles.placeholders import unknown_in
from support.articles.series import SERIES
from support.categories import CATEGORIES
from support.files.content import DONE_IN, GREEK, GUIDES, Article, links_of, related_of, source_and_body

FOLDERS = {"guides": "guide", "videos": "video"}


def read_howtos(folder: Path, *, language: str, pages: Collection[str], answers: Collection[str]) -> dict[str, Article]:
    """All guides and videos of a language by slug; `answers` are the slugs of those, to which they may lead."""
    faults: list[str] = []
    found: list[tuple[Article, Section]] = []
    for name, kind in FOLDERS.items():
        for path in sorted((folder / name).glob("*.md")):
            try:
                found.append(_read(path, kind, language, pages, faults))
            except DataFileError as error:
                faults.append(str(error))
    howtos = {article.slug: article for article, _source in found}
    for article, source in found:
        _check_slugs(article, source, howtos, answers)
        faults += source.problems
    if faults:
        raise DataFileError("\n".join(faults))
    return howtos


def _read(path: Path, kind: str, language: str, pages: Collection[str], faults: list[str]) -> tuple[Article, Section]:
    source, body, first = source_and_body(path)
    article = Article(
        slug=path.stem,
        kind=kind,
        language=language,
        series=source.text("series", like="|".join(SERIES)) if kind == "video" else "",
        place=source.integer("place", least=1, most=99),
        category=source.text("category", like="|".join(CATEGORIES)),
        also_in=(),
        question=source.text("title", longest=120),
        answers=(),
        done_in=source.text("for", like="|".join(DONE_IN)),
        related=related_of(source, path.stem),
        links=links_of(source, pages),
        guide=source.text("guide", like="|".join(GUIDES), default=""),
        keywords=tuple(source.words("keywords")),
        body=body.strip(),
    )
    source.refuse_the_rest()
    blank = len(body) - len(body.lstrip("\n"))
    for number, sentence in _faults(article):
        faults.append(f"{path}, line {first + blank + number - 1}: {sentence}")
    return article, source


def _faults(article: Article) -> list[tuple[int, str]]:
    found = [
        *outline.faults(article.body),
        *((at, f"{name} is no placeholder.") for at, name in unknown_in(article.body)),
    ]
    if bool(GREEK.search(article.question + article.body)) is not (article.language == "el"):
        found.append((1, f"it is not in the language of the folder ({article.language})."))
    return found


def _check_slugs(article: Article, source: Section, howtos: Mapping[str, Article], answers: Collection[str]) -> None:
    if article.slug in answers:
        source.problem("title", f"stands in {article.slug}.md, and an answer is called so")
    unknown = [slug for slug in article.related if slug not in howtos and slug not in answers]
    if unknown:
        source.problem("related", f"has {', '.join(unknown)}, and there is no such article")
