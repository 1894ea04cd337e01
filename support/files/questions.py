"""Lists of questions to evaluate search with, read from CSV; what is wrong is said with its line (H2)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

COLUMNS = ("question", "language", "answer_has")
MOST_QUESTIONS = 5_000


class QuestionFileError(Exception):
    """What is wrong in the file, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    question: str
    language: str
    # Matches the plain text of the right answer, its title being the first line. Capitals do not count.
    answer_has: re.Pattern[str]


def read_questions(content: bytes) -> list[Asked]:
    """QuestionFileError names the first fault. Other columns are left alone; empty lines too."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionFileError("the file must be UTF-8; save it as “CSV UTF-8”.") from error
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_columns(lines.fieldnames or [])
        asked = [_asked(lines.line_num, row) for row in _numbered(lines)]
    except csv.Error as error:
        raise QuestionFileError(f"in or behind line {lines.line_num + 1}: {error}.") from error
    if not asked:
        raise QuestionFileError("there is no question in it.")
    return asked


def _check_columns(names: Iterable[str]) -> None:
    there = list(names)
    if set(COLUMNS) <= set(there):
        return
    hint = " There are semicolons: the columns must have commas between them." if ";" in "".join(there) else ""
    raise QuestionFileError(f"the first line must name the columns {', '.join(COLUMNS)}.{hint}")


def _numbered(lines: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    for number, row in enumerate(lines, start=1):
        if number > MOST_QUESTIONS:
            raise QuestionFileError(f"there are more than {MOST_QUESTIONS} questions.")
        yield row


def _asked(number: int, row: Mapping[str, str | None]) -> Asked:
    if None in row:
        raise QuestionFileError(f"line {number}: too many columns; what has a comma in it needs quotation marks.")
    question, language, answer_has = ((row[name] or "").strip() for name in COLUMNS)
    if not question or not answer_has:
        raise QuestionFileError(f"line {number}: question and answer_has must not be empty.")
    if language.lower() not in dict(settings.LANGUAGES):
        raise QuestionFileError(
            f"line {number}: {language!r} is no language of the site; they are {', '.join(dict(settings.LANGUAGES))}."
        )
    try:
        pattern = re.compile(answer_has, re.IGNORECASE)
    except re.error as error:
        raise QuestionFileError(f"line {number}: {answer_has!r} is no regular expression: {error}.") from error
    return Asked(question=question, language=language.lower(), answer_has=pattern)
