"""How trips are scored (T2): from 0 to 100, and what weighs is distance. Worked examples: docs/driving.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LEAST, MOST = Decimal(0), Decimal(100)
EXACT, SHOWN = Decimal("0.01"), Decimal(1)


def trip_score(*parts: Decimal | None) -> Decimal:
    """The mean of the scores that the trip has, to a hundredth, half a hundredth rounded up."""
    had = [part for part in parts if part is not None]
    return (sum(had, Decimal(0)) / len(had)).quantize(EXACT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Distance and distance x score, added up: two of them add up to a third, in whatever order trips came."""

    distance_m: int = 0
    product: Decimal = Decimal(0)

    def __add__(self, other: "Weighed") -> "Weighed":
        return Weighed(self.distance_m + other.distance_m, self.product + other.product)

    def __sub__(self, other: "Weighed") -> "Weighed":
        return Weighed(self.distance_m - other.distance_m, self.product - other.product)

    @property
    def score(self) -> Decimal | None:
        """The distance-weighted mean, exact; None where nothing was driven."""
        return self.product / self.distance_m if self.distance_m else None


def weighed(distance_m: int, score: Decimal | None) -> Weighed:
    """Of one trip; one without the score counts in neither sum."""
    return Weighed() if score is None else Weighed(distance_m, distance_m * score)


def total(parts: Iterable[Weighed]) -> Weighed:
    return sum(parts, Weighed())


def shown(score: Decimal | None) -> int | None:
    """As pages say it: a whole number, half a point rounded up."""
    return None if score is None else int(score.quantize(SHOWN, ROUND_HALF_UP))


def pull(part: Weighed, whole: Weighed) -> Decimal | None:
    """By how many points the whole's score is higher (or lower, below nothing) than it were without this part.

    None where there would be no score without it.
    """
    with_it, without_it = whole.score, (whole - part).score
    return None if with_it is None or without_it is None else with_it - without_it
