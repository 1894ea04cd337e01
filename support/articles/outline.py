"""The body of a how-to guide or video taken apart: an introduction, then steps with a title, a drawing and words (H1).

A step begins with `## Title`; a line `![what it shows](name)` is a drawing of `support/articles/drawings.py`. The rest
is the markup of an answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.markdown import other_markup
from support.articles.drawings import DRAWINGS

FEWEST_STEPS = 2
_TITLE = re.compile(r"## +(\S.*)")
_DRAWING = re.compile(r"!\[([^\]]+)\]\(([a-z0-9-]+)\)")


@dataclass
class Section:
    """The introduction has no title; a step has one, and may have a drawing with the words that stand in for it."""

    title: str = ""
    drawing: str = ""
    alternative: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def sections(body: str) -> list[Section]:
    """The introduction, which may be empty, and the steps."""
    found = [Section()]
    for line in body.splitlines():
        title, drawing = _TITLE.fullmatch(line.strip()), _DRAWING.fullmatch(line.strip())
        if title:
            found.append(Section(title=title[1]))
        elif drawing:
            found[-1].alternative, found[-1].drawing = drawing.groups()
        else:
            found[-1].lines.append(line)
    return found


def words(body: str) -> str:
    """The same without marks of steps and drawings, as paragraphs."""
    return "\n\n".join(part for each in sections(body) for part in (each.title, each.text) if part)


def faults(body: str) -> Iterator[tuple[int, str]]:
    """Line within the body, and what is wrong there."""
    lines = [line.strip() for line in body.splitlines()]
    rest = "\n".join("" if _TITLE.fullmatch(line) or _DRAWING.fullmatch(line) else line for line in lines)
    for number, sign in other_markup(rest):
        yield number, f"{sign} is none of the markup of an answer."
    for number, line in enumerate(lines, start=1):
        drawing = _DRAWING.fullmatch(line)
        if drawing and drawing[2] not in DRAWINGS:
            yield number, f"{drawing[2]} is no drawing."
    introduction, *steps = sections(body)
    if len(steps) < FEWEST_STEPS:
        yield 1, f"it needs {FEWEST_STEPS} steps or more, each under a line that begins with ##."
    if not introduction.text or not all(step.text for step in steps):
        yield 1, "the introduction and each step need words."
