"""The public answers that the hub stands for, their list of questions, and the hub's own articles."""

import re
from functools import cache
from pathlib import Path

from support.articles.placeholders import PLACEHOLDER
from support.files.content import CONTENT, Article, read_articles
from support.site_pages import pages_without_arguments

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
# The line of the first answer: numbers below it are days, tries and the like.
FIRST_LINE = 42
MARKS = {"P": "portal", "B": "both", "A": "app"}
# What placeholders stand for where words are compared.
VALUES = {"app": "Lexus Link+", "brand": "Lexus", "portal": "Customer Portal", "most_vehicles": "10"} | dict.fromkeys(
    ("withdrawal_days", "terms_days"), "14"
)


@cache
def articles() -> dict[str, Article]:
    return read_articles(CONTENT / "en", language="en", pages=pages_without_arguments())


@cache
def public_runs(length: int) -> set[str]:
    return runs((SHARED / "support-hub.txt").read_text(encoding="utf-8"), length)


@cache
def numbers_to_answer() -> frozenset[int]:
    """Every line number that the list of questions names."""
    return frozenset(number for number in _numbers(_listed()) if number >= FIRST_LINE)


@cache
def marks() -> dict[int, str]:
    """Where the thing is done, by line number, where the list marks it."""
    items = re.findall(r"(?:—|·)\s+([0-9, ]+) [^·—]*?\b([PBA])(?=\s*(?:·|\n\*|\.))", _listed())
    return {number: MARKS[mark] for numbers, mark in items for number in _numbers(numbers)}


def _listed() -> str:
    return (SHARED / "faq-map.md").read_text(encoding="utf-8").split("*Getting started*", 1)[1]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\b[0-9]{2,3}\b", text)]


def filled(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: VALUES.get(match[1], match[1]), text)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("’", "'"))


def runs(text: str, length: int) -> set[str]:
    """All runs of so many words, across lines and marks."""
    found = words(text)
    return {" ".join(found[start : start + length]) for start in range(len(found) - length + 1)}
