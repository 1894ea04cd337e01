"""Markdown of our own articles taken apart for a template, which escapes it: paragraphs, lists, tables, bold, links.

No HTML ever comes out of it, and links lead to web addresses only.
"""

import re
from dataclasses import dataclass

_BULLET = re.compile(r"[-*] +(.*)")
_NUMBER = re.compile(r"\d+[.)] +(.*)")
_RULE = re.compile(r"\|[\s:|-]+\|")
_SPAN = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^\]]+)\]\((?P<to>https?://[^\s)]+)\)|(?P<url>https?://[^\s<>]+)"
)
_MARKS_AT_END = ".,;:!?)"


@dataclass(frozen=True)
class Span:
    text: str
    is_bold: bool = False
    url: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """`lines` of a paragraph or heading are one; those of a list its items."""

    kind: str
    lines: tuple[Line, ...] = ()
    # Of a table: its rows of cells, the first being the head.
    rows: tuple[tuple[Line, ...], ...] = ()

    @property
    def is_bullets(self) -> bool:
        return self.kind == "bullets"

    @property
    def is_numbers(self) -> bool:
        return self.kind == "numbers"

    @property
    def is_heading(self) -> bool:
        return self.kind == "heading"

    @property
    def is_table(self) -> bool:
        return self.kind == "table"


def blocks(text: str) -> list[Block]:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [_block(part.strip().split("\n")) for part in parts if part.strip()]


def plain(text: str) -> str:
    """The words alone, a line for each paragraph, item or row."""
    return "\n".join(_words(block) for block in blocks(text))


def _words(block: Block) -> str:
    rows = [" ".join(_text(cell) for cell in row) for row in block.rows]
    return "\n".join([*(_text(line) for line in block.lines), *rows])


def _text(line: Line) -> str:
    return "".join(span.text for span in line)


def _block(lines: list[str]) -> Block:
    if len(lines) > 1 and _RULE.fullmatch(lines[1].strip()):
        return Block("table", rows=tuple(_cells(line) for line in (lines[0], *lines[2:])))
    for kind, mark in (("bullets", _BULLET), ("numbers", _NUMBER)):
        if mark.match(lines[0]):
            return Block(kind, lines=tuple(spans(item) for item in _items(lines, mark)))
    if lines[0].startswith("#"):
        return Block("heading", lines=(spans(lines[0].lstrip("# ")),))
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


def _cells(line: str) -> tuple[Line, ...]:
    return tuple(spans(cell.strip()) for cell in line.strip().strip("|").split("|"))


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
    if match["to"]:
        return Span(match["label"], url=match["to"]), match.end()
    url = match["url"].rstrip(_MARKS_AT_END)
    return Span(url, url=url), match.start() + len(url)
