"""A car held against a package of the catalogue, by the one rule: for pages, API, checkout and staff (C2)."""

from garage.models.vehicle import VehicleFacts
from garage.registry.port import RegistryCar
from portal.models import Market
from subscriptions.models import Package
from subscriptions.rules.eligibility import CarFacts, Missing, what_is_missing, what_service_misses


def facts_of(car: VehicleFacts | RegistryCar) -> CarFacts:
    return CarFacts(
        generation=car.multimedia,
        powertrain=car.powertrain,
        capabilities=tuple(car.capabilities),
        model=car.model,
        market=car.market_code,
        bought_on=car.purchased_on or car.first_registered_on or car.warranty_start,
    )


def missing_for(package: Package, car: VehicleFacts | RegistryCar, market: Market, *, is_sold: bool) -> list[Missing]:
    """What stands against the package for this car and an account of that market; empty where nothing does.

    With the package's services and discontinuations fetched before, it asks the database nothing.
    """
    return what_is_missing(
        package.needs,
        facts_of(car),
        is_sold_in_market=is_sold,
        is_discontinued=package.discontinued_on(market.pk) is not None,
        services=[service.needs_in(market) for service in package.services.all()],
    )


def services_without(package: Package, car: VehicleFacts | RegistryCar, market: Market) -> dict[int, list[Missing]]:
    """The package's services that do not work on this car there, by id, each with what it misses."""
    facts = facts_of(car)
    each = {service.pk: what_service_misses(service.needs_in(market), facts) for service in package.services.all()}
    return {pk: missing for pk, missing in each.items() if missing}
