"""Which cars an owner manual is for (G8)."""

from dataclasses import dataclass

MOST_BYTES = 200_000_000
FIRST_YEAR, LAST_YEAR = 1980, 2100


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Cars of these models, first registered in these years, with this generation of head unit; empty: with any."""

    models: frozenset[str]
    first_year: int
    last_year: int | None = None
    generation: str = ""

    def covers_year(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def is_for(scope: Scope, *, model: str, year: int | None, generation: str) -> bool:
    """Whether the manual is that car's; a year that nobody knows rules nothing out."""
    if model not in scope.models or scope.generation not in ("", generation):
        return False
    return year is None or scope.covers_year(year)
