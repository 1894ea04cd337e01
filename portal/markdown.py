"""Markdown of our own articles taken apart for a template, which escapes it: paragraphs, lists, bold, web addresses.

No HTML ever comes out of it. What else Markdown has, no article needs: files and editors' forms refuse it alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLET = re.compile(r"[-*] +(.*)")
_NUMBER = re.compile(r"\d+[.)] +(.*)")
_SPAN = re.compile(r"\*\*(?P<bold>.+?)\*\*|(?P<url>https?://[^\s<>]+)")
# Headings, quotations, tables, HTML and links: what a page would have to be built for.
_OTHER = re.compile(r"^\s*[#>]|\||<|\]\(", re.MULTILINE)
_MARKS_AT_END = ".,;:!?)"


@dataclass(frozen=True)
class Span:
    text: str
    is_bold: bool = False
    url: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """`lines` of a paragraph are one; those of a list its items."""

    kind: str
    lines: tuple[Line, ...]

    @property
    def is_bullets(self) -> bool:
        return self.kind == "bullets"

    @property
    def is_numbers(self) -> bool:
        return self.kind == "numbers"


def blocks(text: str) -> list[Block]:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [_block(part.strip().split("\n")) for part in parts if part.strip()]


def plain(text: str) -> str:
    """The words alone, a line for each paragraph or item."""
    return "\n".join(_text(line) for block in blocks(text) for line in block.lines)


def other_markup(text: str) -> Iterator[tuple[int, str]]:
    """Line within the text, and sign, of each markup that `blocks` does not take apart."""
    for match in _OTHER.finditer(text):
        yield text.count("\n", 0, match.end()) + 1, match[0].strip()


def _text(line: Line) -> str:
    return "".join(span.text for span in line)


def _block(lines: list[str]) -> Block:
    for kind, mark in (("bullets", _BULLET), ("numbers", _NUMBER)):
        if mark.match(lines[0]):
            return Block(kind, lines=tuple(spans(item) for item in _items(lines, mark)))
    return Block("paragraph", lines=(spans(" ".join(line.strip() for line in lines)),))


def _items(lines: list[str], mark: re.Pattern[str]) -> list[str]:
    """A line without the mark goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        found = mark.match(line.strip())
        if found:
            items.append(found[1])
        else:
            items[-1] += " " + line.strip()
    return items


def spans(text: str) -> Line:
    found: list[Span] = []
    end = 0
    for match in _SPAN.finditer(text):
        span, stop = _span(match)
        found += [Span(text[end : match.start()]), span]
        end = stop
    return tuple(span for span in [*found, Span(text[end:])] if span.text)


def _span(match: re.Match[str]) -> tuple[Span, int]:
    """The span, and where it ends: a mark after an address is not of it."""
    if match["bold"]:
        return Span(match["bold"], is_bold=True), match.end()
    url = match["url"].rstrip(_MARKS_AT_END)
    return Span(url, url=url), match.start() + len(url)
