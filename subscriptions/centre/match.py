"""The connectivity match: what a car is capable of, told to anybody who has its VIN (G7), and nothing else of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from garage.corrections import corrected
from garage.registry import get_registry
from garage.registry.port import RegistryCar
from garage.vin_reading import read_vin, unknown_vin
from portal.hourly_limit import seconds_left
from portal.models import Market
from portal.refusals import Refusal
from subscriptions.actions.catalogue import keep_up
from subscriptions.centre.match_limit import Caller, take_match
from subscriptions.centre.packages import missing_of, packages_of
from subscriptions.centre.suiting import services_without
from subscriptions.models import Package, Service
from subscriptions.rules.eligibility import Missing


@dataclass(frozen=True, kw_only=True)
class ServiceMatch:
    """A service of a package, and what of it this car lacks."""

    service: Service
    missing: list[Missing]


@dataclass(frozen=True, kw_only=True)
class PackageMatch:
    package: Package
    missing: list[Missing]
    # Services of the package that do not work on this car, and why.
    without: dict[int, list[Missing]]

    @property
    def is_available(self) -> bool:
        return not self.missing

    @property
    def services(self) -> list[ServiceMatch]:
        return [
            ServiceMatch(service=service, missing=self.without.get(service.pk, []))
            for service in self.package.services.all()
        ]


@dataclass(frozen=True, kw_only=True)
class CarMatch:
    """All that is told of the car. What the registry knows besides (plate, colour, dates, odometer) stays out of it."""

    vin: str
    model: str
    body: str
    generation: str
    capabilities: tuple[str, ...]
    packages: list[PackageMatch]


def match_car(typed: str, *, market: Market, caller: Caller, now: datetime) -> CarMatch:
    """What the car of that VIN can have in the market. A fixed number of queries.

    Refuses with `vin_malformed`, `vin_of_another_maker`, `too_many_matches` or `vin_unknown`.
    """
    keep_up(market, now=now)
    read = read_vin(typed, brand=market.brand)
    if not take_match(caller, now=now):
        raise Refusal("too_many_matches", _too_many_sentence(now))
    car = get_registry().by_vin(read.vin)
    if car is None:
        raise unknown_vin(read, brand=market.brand)
    return _told(corrected(car), market)


def _told(car: RegistryCar, market: Market) -> CarMatch:
    return CarMatch(
        vin=car.vin,
        model=car.model,
        body=car.body,
        generation=car.multimedia,
        capabilities=car.capabilities,
        packages=[
            PackageMatch(
                package=package,
                missing=_told_of(missing_of(package, car, market=market)),
                without=services_without(package, car, market),
            )
            for package in packages_of(market)
        ],
    )


def _told_of(missing: list[Missing]) -> list[Missing]:
    """When a car was bought is its owner's matter: a package that asks for it says so itself."""
    return [reason for reason in missing if reason is not Missing.BOUGHT]


def _too_many_sentence(now: datetime) -> str:
    minutes = -(-seconds_left(now) // 60)
    sentence = ngettext(
        "Many cars were looked up from here within an hour. Please try again in %(minutes)d minute.",
        "Many cars were looked up from here within an hour. Please try again in %(minutes)d minutes.",
        minutes,
    )
    return sentence % {"minutes": minutes}
