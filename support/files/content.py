"""The hub's articles: Markdown files with front matter, `content/<language>/<category>/<slug>.md`, read strictly (H1).

Everything that is wrong in any of the files is collected and said with its file and line, so that one run names it all.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.files.data_files import DataFileError, Section, read_data_text
from portal.markdown import other_markup
from support.articles.placeholders import unknown_in
from support.categories import CATEGORIES

CONTENT = Path(__file__).parent.parent / "content"
# Where the thing is done: on this site, in the app or the car, or in both.
DONE_IN = ("portal", "both", "app")
# The how-to guides of the hub, to which an answer may send its reader on.
GUIDES = ("digital-key", "paid-subscription", "first-steps", "used-car", "selling-a-car", "reading-the-centre")
# Folders of guides and videos, which `howto_files.py` reads.
NOT_ANSWERS = ("guides", "videos")

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
FENCE = "---"
FEWEST_RELATED, MOST_RELATED = 2, 4
GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")


@dataclass(frozen=True, kw_only=True)
class Link:
    # Name of a page of this site that needs no arguments.
    page: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Article:
    slug: str
    language: str
    category: str
    # Other categories that list it as well.
    also_in: tuple[str, ...]
    question: str
    # Where the answers stand in the public text that the article stands for.
    answers: tuple[int, ...]
    done_in: str
    related: tuple[str, ...]
    links: tuple[Link, ...]
    guide: str
    keywords: tuple[str, ...]
    # Markdown with placeholders: paragraphs, lists and bold, nothing else; of guides and videos, `outline.py`.
    body: str
    kind: str = "answer"
    # Of videos: their group; and where among its likes a guide or video stands.
    series: str = ""
    place: int = 0


def read_articles(folder: Path, *, language: str, pages: Collection[str]) -> dict[str, Article]:
    """All articles of a language by slug. `pages` are the names that links may have. DataFileError says each fault."""
    faults: list[str] = []
    paths = sorted(path for path in folder.glob("*/*.md") if path.parent.name not in NOT_ANSWERS)
    read = [_read_article(path, language, pages, faults) for path in paths]
    found = [(article, source) for article, source in (pair for pair in read if pair)]
    faults += _strays(folder)
    _check_together(found)
    for _article, source in found:
        faults += source.problems
    if faults:
        raise DataFileError("\n".join(faults))
    return {article.slug: article for article, _source in found}


def _strays(folder: Path) -> Iterable[str]:
    """Files that no reader would ever show: too high, too deep or of another kind."""
    known = set(folder.glob("*/*.md"))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in known:
            yield f"{path}: an article is <category>/<slug>.md."


def _read_article(
    path: Path, language: str, pages: Collection[str], faults: list[str]
) -> tuple[Article, Section] | None:
    try:
        source, body, first = source_and_body(path)
    except DataFileError as error:
        faults.append(str(error))
        return None
    article = _article(path, source, body, language, pages)
    _check_place(path, source)
    _check_words(path, source, article, first, faults)
    return article, source


def source_and_body(path: Path) -> tuple[Section, str, int]:
    """Front matter, body, and the line on which the body begins."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path}: {error}") from error
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        raise DataFileError(f"{path}, line 1: front matter must stand first, between two lines of {FENCE}.")
    end = lines.index(FENCE, 1)
    # The first fence becomes an empty line, so that faults name the lines of the file.
    source = read_data_text("\n".join(["", *lines[1:end]]), file=str(path))
    return source, "\n".join(lines[end + 1 :]), end + 2


def _article(path: Path, source: Section, body: str, language: str, pages: Collection[str]) -> Article:
    article = Article(
        slug=path.stem,
        language=language,
        category=source.text("category"),
        also_in=tuple(source.words("also_in", among=CATEGORIES)) if source.has("also_in") else (),
        question=source.text("question", longest=120),
        answers=_answers(source),
        done_in=source.text("for", like="|".join(DONE_IN)),
        related=related_of(source, path.stem),
        links=links_of(source, pages),
        guide=source.text("guide", like="|".join(GUIDES), default=""),
        keywords=tuple(source.words("keywords")),
        body=body.strip(),
    )
    source.refuse_the_rest()
    return article


def _answers(source: Section) -> tuple[int, ...]:
    words = source.words("answers")
    if any(not re.fullmatch(r"[0-9]{1,4}", word) for word in words):
        source.problem("answers", "must be a list of line numbers")
        return ()
    return tuple(int(word) for word in words)


def related_of(source: Section, own: str) -> tuple[str, ...]:
    slugs = source.words("related")
    if not FEWEST_RELATED <= len(set(slugs) - {own}) == len(slugs) <= MOST_RELATED:
        source.problem("related", f"must be {FEWEST_RELATED} to {MOST_RELATED} other articles, each once")
    return tuple(slugs)


def links_of(source: Section, pages: Collection[str]) -> tuple[Link, ...]:
    links = []
    for section in source.sections("links") if source.has("links") else ():
        link = Link(page=section.text("page"), text=section.text("text", longest=80))
        if link.page and link.page not in pages:
            section.problem("page", f"is {link.page}, and no page without arguments is called so")
        section.refuse_the_rest()
        links.append(link)
    # An answer that ends nowhere on this site has no links.
    return tuple(links)


def _check_place(path: Path, source: Section) -> None:
    """Folder and file name are the address of the article, so both must hold."""
    category = source.text("category")
    if category and category not in CATEGORIES:
        source.problem("category", f"is {category}; known are {', '.join(CATEGORIES)}")
    elif category != path.parent.name:
        source.problem("category", f"is {category}, and the file lies in {path.parent.name}")
    if not re.fullmatch(SLUG, path.stem):
        source.problem("question", "stands in a file whose name is no slug (small letters, digits, hyphens)")


def _check_words(path: Path, source: Section, article: Article, first: int, faults: list[str]) -> None:
    """Placeholders that are known, a body that is there, plain markup, and the letters of the language."""
    for number, name in unknown_in(article.body):
        faults.append(f"{path}, line {_line(path, first, number)}: {name} is no placeholder.")
    for number, sign in other_markup(article.body):
        faults.append(f"{path}, line {_line(path, first, number)}: {sign} is none of the markup of an answer.")
    for _number, name in unknown_in(article.question):
        source.problem("question", f"has {name}, which is no placeholder")
    for link in article.links:
        for _number, name in unknown_in(link.text):
            source.problem("links", f"have {name}, which is no placeholder")
    if not article.body:
        faults.append(f"{path}, line {first}: the answer is missing.")
    elif bool(GREEK.search(article.question + article.body)) is not (article.language == "el"):
        source.problem("question", f"or its answer is not in the language of the folder ({article.language})")


def _line(path: Path, first: int, number: int) -> int:
    """The line in the file of a line of the stripped body."""
    lines = path.read_text(encoding="utf-8").splitlines()[first - 1 :]
    return first + number - 1 + next(index for index, line in enumerate(lines) if line.strip())


def _check_together(found: list[tuple[Article, Section]]) -> None:
    """What only all files together tell: slugs and answers once, related articles there."""
    slugs: dict[str, str] = {}
    answered: dict[int, str] = {}
    for article, source in found:
        if article.slug in slugs:
            source.problem("question", f"stands in {article.slug}.md, and so does one in {slugs[article.slug]}")
        slugs[article.slug] = article.category
        for number in article.answers:
            if number in answered:
                source.problem("answers", f"has {number}, which {answered[number]} answers already")
            answered[number] = article.slug
    for article, source in found:
        unknown = [slug for slug in article.related if slug not in slugs]
        if unknown:
            source.problem("related", f"has {', '.join(unknown)}, and there is no such article")
