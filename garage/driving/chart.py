"""The daily graph of a month, drawn by the server: a bar for each day, as high as its score (T3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from garage.rules.driving import Month, Sums
from garage.rules.scoring import shown

# In units of the drawing, which scales with its place.
WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BASE = 56, 8, 28, 186
SHARE = 0.7


@dataclass(frozen=True, kw_only=True)
class Bar:
    on: date
    score: int
    x: float
    y: float
    width: float
    height: float
    # Where its figure stands.
    middle: float

    @property
    def above(self) -> float:
        return self.y - 6


@dataclass(frozen=True)
class Mark:
    """A line across with its figure, or a day below."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    bars: list[Bar]
    lines: list[Mark]
    days: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def chart(month: Month, of_days: Mapping[date, Sums]) -> Chart:
    count = month.days.last.day
    slot = (WIDTH - LEFT - RIGHT) / count
    bars = [_bar(on, sums.score.score, slot) for on, sums in of_days.items() if sums.score.score is not None]
    days = [Mark(str(day), round(LEFT + (day - 0.5) * slot, 1), HEIGHT - 6) for day in (1, 5, 10, 15, 20, 25, count)]
    return Chart(bars=bars, lines=[Mark(str(score), LEFT - 8, _y(score)) for score in (0, 50, 100)], days=days)


def _bar(on: date, score: Decimal, slot: float) -> Bar:
    middle = LEFT + (on.day - 0.5) * slot
    y = _y(score)
    return Bar(
        on=on,
        score=shown(score) or 0,
        x=round(middle - slot * SHARE / 2, 1),
        y=y,
        width=round(slot * SHARE, 1),
        # A day of no points is a day all the same.
        height=max(round(BASE - y, 1), 2),
        middle=round(middle, 1),
    )


def _y(score: Decimal | int) -> float:
    return round(BASE - float(score) / 100 * (BASE - TOP), 1)
