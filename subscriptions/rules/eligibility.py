"""Which car and account may have a package, and what is missing where not (C2)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class Missing(StrEnum):
    DISCONTINUED = "discontinued"
    MARKET = "market"
    MODEL = "model"
    GENERATION = "generation"
    POWERTRAIN = "powertrain"
    CAPABILITY = "capability"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a package asks of a car; an empty collection asks nothing."""

    models: Collection[str] = field(default_factory=tuple)
    generations: Collection[str] = field(default_factory=tuple)
    powertrains: Collection[str] = field(default_factory=tuple)
    capabilities: Collection[str] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class CarFacts:
    model: str
    generation: str
    powertrain: str
    capabilities: Collection[str]


def what_is_missing(
    needs: Needs, car: CarFacts, *, is_sold_in_market: bool, is_discontinued: bool = False
) -> list[Missing]:
    """Everything that stands against it, in the order in which the page names it; empty means eligible."""
    missing = []
    if is_discontinued:
        missing.append(Missing.DISCONTINUED)
    if not is_sold_in_market:
        missing.append(Missing.MARKET)
    if needs.models and car.model not in needs.models:
        missing.append(Missing.MODEL)
    if needs.generations and car.generation not in needs.generations:
        missing.append(Missing.GENERATION)
    if needs.powertrains and car.powertrain not in needs.powertrains:
        missing.append(Missing.POWERTRAIN)
    if not set(needs.capabilities) <= set(car.capabilities):
        missing.append(Missing.CAPABILITY)
    return missing
