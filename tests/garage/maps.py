"""Maps to test with: releases, a package that brings them, and what the cars' backend tells."""

from datetime import date, datetime
from typing import Any

from garage.actions.map_reports import Taken, take_map_reports
from garage.actions.map_updates import ask_for_map_update
from garage.maps import car_map
from garage.models import MapRelease, MapUpdate, Membership
from garage.rules.map_reports import MapReport, UpdateReport, VersionReport
from garage.rules.maps import State
from portal.models import Market
from subscriptions.models import Package, Service
from tests import make

OLD, NEW = "2025.2", "2026.1"


def releases(market: Market, **facts: Any) -> dict[str, MapRelease]:
    """Autumn 2025 and spring 2026 for MM21, both out at `make.NOW`; the next comes out in October."""
    days = {OLD: date(2025, 10, 13), NEW: date(2026, 4, 13), "2026.2": date(2026, 10, 12)}
    return {version: release(market, version, released_on=day, **facts) for version, day in days.items()}


def release(market: Market, version: str = NEW, **facts: Any) -> MapRelease:
    year, number = version.split(".")
    wanted: dict[str, Any] = {
        "generation": "MM21",
        "year": int(year),
        "season": "spring" if number == "1" else "autumn",
        "released_on": date(2026, 4, 13),
        "size_bytes": 9_400_000_000,
        "sha256": "ab" * 32,
        "download_url": f"https://maps.example.com/{version}.zip",
        "names": {"en": "Maps of Cyprus", "el": "Χάρτες Κύπρου"},
        "steps": {"en": "Unpack it.\nPut it into the car.", "el": "Αποσυμπιέστε.\nΒάλτε το."},
    }
    return MapRelease.objects.get_or_create(market=market, version=version, defaults=wanted | facts)[0]


def map_package(market: Market, **facts: Any) -> Package:
    """Standard unless said otherwise: it runs for everybody who has accepted the Terms."""
    made = make.package("maps", market=market, **{"is_standard": True, "prices": {"yearly": "119.00"}} | facts)
    Service.objects.filter(packages=made).update(updates_maps=True)
    return made


def map_update(car: Membership, *, now: datetime = make.NOW) -> MapUpdate:
    """Asked for, with all that it needs."""
    releases(car.account.market)
    newest = car_map(car.vehicle, today=car.account.market.local_date(now)).newest
    assert newest is not None
    if not Package.objects.filter(code="maps").exists():
        map_package(car.account.market)
    return ask_for_map_update(membership=car, release=newest, now=now, by=car.account)


def version(car: Membership, text: str = OLD, *, at: datetime = make.NOW) -> VersionReport:
    return VersionReport(vin=car.vehicle.vin, version=text, at=at)


def says(update: MapUpdate, state: State, *, at: datetime = make.NOW) -> UpdateReport:
    return UpdateReport(update=update.public_id, state=state, at=at)


def take(*reports: MapReport, now: datetime = make.NOW) -> Taken:
    return take_map_reports(reports=dict(enumerate(reports)), now=now)
