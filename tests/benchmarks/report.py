"""What was found: a line each on the screen, and the same as a table on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.harness import Spread, spread


@dataclass(frozen=True)
class Line:
    """One finding. `at_least` or `at_most` is the aim; it is met if the worse quartile meets it.

    `figures` are one a round, in `unit`; `beside` says with what they were compared and what it cost.
    """

    code: str
    what: str
    unit: str
    figures: Sequence[float]
    beside: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def spread(self) -> Spread:
        return spread(self.figures)

    @property
    def aim(self) -> str:
        if self.at_least is not None:
            return f">= {_short(self.at_least)}"
        return "" if self.at_most is None else f"<= {_short(self.at_most)}"

    @property
    def verdict(self) -> str:
        if not self.aim:
            return ""
        is_met = self.spread.lower >= self.at_least if self.at_least is not None else self.spread.upper <= self.at_most
        return "PASS" if is_met else "MISSED"


@dataclass(frozen=True)
class Skipped:
    """Something that could not be measured here, and why."""

    code: str
    what: str
    why: str


Found = list[Line | Skipped]


def printed(line: Line | Skipped) -> str:
    if isinstance(line, Skipped):
        return f"{line.code:<3} {line.what:<58} skipped: {line.why}"
    aim = f"  aim {line.aim}  {line.verdict}" if line.aim else ""
    beside = f"  [{line.beside}]" if line.beside else ""
    return f"{line.code:<3} {line.what:<58} {_figure(line)}{aim}{beside}"


def is_missed(found: Found) -> bool:
    return any(isinstance(line, Line) and line.verdict == "MISSED" for line in found)


def write(page: Path, *, part: str, found: Found, facts: dict[str, str], introduction: str) -> None:
    """A part of the page with its table, in place of what stood there before; other parts stay, of their own day."""
    about = [f"- {name}: {value}" for name, value in facts.items()]
    table = ["| | What | Median (quartiles) | Aim | | Beside it |", "|---|---|---|---|---|---|", *map(_row, found)]
    parts = _parts(page) | {part: "\n".join([*about, "", *table])}
    whole = [introduction.strip(), *(f"## {name}\n\n{text}" for name, text in parts.items())]
    page.write_text("\n\n".join(whole) + "\n")


def _parts(page: Path) -> dict[str, str]:
    if not page.exists():
        return {}
    _introduction, *parts = page.read_text().split("\n## ")
    named = (part.partition("\n") for part in parts)
    return {name.strip(): text.strip() for name, _, text in named}


def _row(line: Line | Skipped) -> str:
    if isinstance(line, Skipped):
        return f"| {line.code} | {line.what} | skipped: {line.why} | | | |"
    return f"| {line.code} | {line.what} | {_figure(line)} | {line.aim} | {line.verdict} | {line.beside} |"


def _figure(line: Line) -> str:
    found = line.spread
    if len(set(line.figures)) == 1:
        return f"{_short(found.median)} {line.unit}".strip()
    return f"{_short(found.median)} {line.unit} ({_short(found.lower)} to {_short(found.upper)})".replace("  ", " ")


def _short(figure: float) -> str:
    """Three figures that count; whole numbers as they are."""
    if figure == int(figure) or figure >= 1000:
        return f"{figure:,.0f}"
    return f"{figure:.3g}" if figure < 100 else f"{figure:.0f}"
