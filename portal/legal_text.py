"""Texts of law: paragraphs separated by empty lines, headings after `## `; data of a market, never markup."""

from dataclasses import dataclass

HEADING = "## "


@dataclass(frozen=True)
class Block:
    text: str
    is_heading: bool


def blocks(text: str) -> list[Block]:
    """The text taken apart for a template, which escapes it."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return [Block(part.removeprefix(HEADING), part.startswith(HEADING)) for part in parts if part]
