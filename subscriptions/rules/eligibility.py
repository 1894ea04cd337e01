"""Which car and account may have a package, which of its services work there, and what is missing where not (C2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Missing(StrEnum):
    DISCONTINUED = "discontinued"
    # Not sold in the account's country.
    MARKET = "market"
    # The country's law forbids it for this kind of drive: of all that the package contains.
    LAW = "law"
    # The car was built for another market.
    CAR_MARKET = "car_market"
    MODEL = "model"
    GENERATION = "generation"
    POWERTRAIN = "powertrain"
    # Bought too early or too late, or nobody knows when.
    BOUGHT = "bought"
    CAPABILITY = "capability"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a package asks of a car; an empty collection or no date asks nothing. Bought in [from, before)."""

    markets: Collection[str] = field(default_factory=tuple)
    models: Collection[str] = field(default_factory=tuple)
    generations: Collection[str] = field(default_factory=tuple)
    powertrains: Collection[str] = field(default_factory=tuple)
    capabilities: Collection[str] = field(default_factory=tuple)
    bought_from: date | None = None
    bought_before: date | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceNeeds:
    """What one service of a package asks: its equipment, and the drives for which the country's law forbids it."""

    capabilities: Collection[str] = field(default_factory=tuple)
    forbidden_powertrains: Collection[str] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class CarFacts:
    generation: str
    powertrain: str
    capabilities: Collection[str]
    model: str = ""
    market: str = ""
    bought_on: date | None = None


def what_is_missing(
    needs: Needs,
    car: CarFacts,
    *,
    is_sold_in_market: bool,
    is_discontinued: bool = False,
    services: Sequence[ServiceNeeds] = (),
) -> list[Missing]:
    """Everything that stands against it, in the order in which the page names it; empty means eligible.

    A package of which no service works on this car is missing what its services miss.
    """
    against = {
        Missing.DISCONTINUED: is_discontinued,
        Missing.MARKET: not is_sold_in_market,
        Missing.CAR_MARKET: _is_outside(needs.markets, car.market),
        Missing.MODEL: _is_outside(needs.models, car.model),
        Missing.GENERATION: _is_outside(needs.generations, car.generation),
        Missing.POWERTRAIN: _is_outside(needs.powertrains, car.powertrain),
        Missing.BOUGHT: not _was_bought_within(needs, car.bought_on),
        Missing.CAPABILITY: not set(needs.capabilities) <= set(car.capabilities),
    }
    missing = {reason for reason, stands_against in against.items() if stands_against}
    return [reason for reason in Missing if reason in missing | _of_all(services, car)]


def what_service_misses(service: ServiceNeeds, car: CarFacts) -> list[Missing]:
    """C2: why one service of an eligible package does not work on this car; empty where it does."""
    missing = []
    if car.powertrain in service.forbidden_powertrains:
        missing.append(Missing.LAW)
    if not set(service.capabilities) <= set(car.capabilities):
        missing.append(Missing.CAPABILITY)
    return missing


def _of_all(services: Sequence[ServiceNeeds], car: CarFacts) -> set[Missing]:
    each = [what_service_misses(service, car) for service in services]
    return {reason for missing in each for reason in missing} if each and all(each) else set()


def _is_outside(wanted: Collection[str], value: str) -> bool:
    return bool(wanted) and value not in wanted


def _was_bought_within(needs: Needs, bought_on: date | None) -> bool:
    if needs.bought_from is None and needs.bought_before is None:
        return True
    if bought_on is None:
        return False
    is_early = needs.bought_from is not None and bought_on < needs.bought_from
    is_late = needs.bought_before is not None and bought_on >= needs.bought_before
    return not is_early and not is_late
