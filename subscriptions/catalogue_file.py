"""The catalogue file of a market: services, packages, needs and plans (`manage.py load_catalogue`).

Loading changes what is on offer from now on; a contract keeps what was agreed, so plans that are missing from the file
are no longer offered, and nothing is deleted.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from garage.models.vehicle import Powertrain
from portal.data_files import DataFileError, Section, read_data_file
from portal.models import Market
from subscriptions.models import Package, Plan, Service
from subscriptions.rules.periods import TERM_MONTHS

CODE = r"[a-z][a-z0-9-]{1,38}"
GENERATION = r"[A-Z0-9]{2,12}"
MOST_FREE_MONTHS = 120
SERVICE_FLAGS = ("uses_location", "uses_profile", "uses_charge", "updates_maps")


@transaction.atomic
def load_catalogue(path: Path) -> dict[str, int]:
    """Brings the catalogue to what the file says; gives how many rows were created, changed and left unchanged.

    Raises `DataFileError` with every fault and its place; then nothing is changed.
    """
    file = read_data_file(path)
    market = _market(file)
    services = {row["code"]: row for row in _services(file, market.languages)}
    packages = {row["code"]: row for row in _packages(file, market.languages, services)}
    _check_bases(file, packages)
    file.refuse_the_rest()
    file.raise_problems()
    return _store(market, services, packages)


def _market(file: Section) -> Market:
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, which is not loaded yet; load the brand first")
        file.raise_problems()
        raise DataFileError(f"no market {code!r}")
    return market


def _services(file: Section, languages: Collection[str]) -> list[dict[str, Any]]:
    rows = []
    for section in file.sections("services"):
        rows.append(
            {
                "code": section.text("code", like=CODE),
                "names": section.texts("names", languages=languages),
                "descriptions": section.texts("descriptions", languages=languages),
                "capabilities": section.words("capabilities") if section.has("capabilities") else [],
                "forbidden": _forbidden(section),
                **{name: section.flag(name) for name in SERVICE_FLAGS},
            }
        )
        section.refuse_the_rest()
    return rows


def _forbidden(section: Section) -> dict[str, list[str]]:
    """Country -> the drives for which its law forbids the service."""
    if not section.has("forbidden"):
        return {}
    countries = section.section("forbidden")
    return {code: countries.words(code, among=Powertrain.values) for code in countries.names()}


def _packages(file: Section, languages: Collection[str], services: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for position, section in enumerate(file.sections("packages")):
        row = {"position": position, **_package(section, languages, services)}
        if any(row["code"] == earlier["code"] for earlier in rows):
            section.problem("code", f"{row['code']!r} stands there twice")
        rows.append(row)
        section.refuse_the_rest()
    return rows


def _package(section: Section, languages: Collection[str], services: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": section.text("code", like=CODE),
        "names": section.texts("names", languages=languages),
        "descriptions": section.texts("descriptions", languages=languages),
        "suite": _one_of(section, "suite", (Package.APP, Package.MULTIMEDIA)),
        "services": section.words("services", among=list(services)),
        "is_standard": section.flag("standard"),
        "gives_trial": section.flag("trial"),
        "base": section.text("needs", default=""),
        "complimentary_months": _free_months(section),
        **_needs_of_car(section),
        "prices": _prices(section),
    }


def _one_of(section: Section, key: str, words: Collection[str]) -> str:
    word = section.text(key)
    if word and word not in words:
        section.problem(key, f"is {word!r}; known are {', '.join(words)}")
    return word


def _free_months(section: Section) -> dict[str, int]:
    if not section.has("complimentary_months"):
        return {}
    months = section.section("complimentary_months")
    return {name: months.integer(name, least=0, most=MOST_FREE_MONTHS) for name in months.names()}


def _needs_of_car(section: Section) -> dict[str, Any]:
    return {
        "car_markets": section.words("car_markets") if section.has("car_markets") else [],
        "car_models": section.words("models") if section.has("models") else [],
        "bought_from": section.day("bought_from"),
        "bought_before": section.day("bought_before"),
        "generations": section.words("generations") if section.has("generations") else [],
        "powertrains": section.words("powertrains", among=Powertrain.values) if section.has("powertrains") else [],
        "capabilities": section.words("capabilities") if section.has("capabilities") else [],
    }


def _prices(section: Section) -> dict[str, Any]:
    if not section.has("prices"):
        return {}
    prices = section.section("prices")
    for term in prices.names():
        if term not in TERM_MONTHS:
            prices.problem(term, f"is no term; known are {', '.join(TERM_MONTHS)}")
    return {term: prices.decimal(term, least="0.01", below="10000") for term in TERM_MONTHS if prices.has(term)}


def _check_bases(file: Section, packages: Mapping[str, Mapping[str, Any]]) -> None:
    for code, row in packages.items():
        if row["base"] and (row["base"] not in packages or row["base"] == code or packages[row["base"]]["base"]):
            file.problem("packages", f"{code}: needs {row['base']!r}, which is no base package of this file")


def _store(market: Market, services: Mapping[str, Any], packages: Mapping[str, Any]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for row in services.values():
        counts[_upsert(Service, row)] += 1
    # Bases first, so that an add-on finds its own.
    for row in sorted(packages.values(), key=lambda row: bool(row["base"])):
        counts[_store_package(row)] += 1
        _store_plans(market, row, counts)
    gone = Plan.objects.filter(market=market, is_offered=True).exclude(package__code__in=packages)
    counts["changed"] += gone.update(is_offered=False)
    return counts


def _store_package(row: dict[str, Any]) -> str:
    values = {key: value for key, value in row.items() if key not in {"services", "prices", "base"}}
    base = Package.objects.get(code=row["base"]) if row["base"] else None
    outcome = _upsert(Package, values | {"base": base})
    Package.objects.get(code=row["code"]).services.set(Service.objects.filter(code__in=row["services"]))
    return outcome


def _store_plans(market: Market, row: dict[str, Any], counts: dict[str, int]) -> None:
    package = Package.objects.get(code=row["code"])
    for term, price in row["prices"].items():
        plan, created = Plan.objects.get_or_create(package=package, market=market, term=term, defaults={"price": price})
        is_changed = not created and (plan.price, plan.is_offered) != (price, True)
        if is_changed:
            Plan.objects.filter(pk=plan.pk).update(price=price, is_offered=True)
        counts["created" if created else "changed" if is_changed else "unchanged"] += 1
    gone = Plan.objects.filter(package=package, market=market, is_offered=True).exclude(term__in=row["prices"])
    counts["changed"] += gone.update(is_offered=False)


def _upsert(model: Any, values: dict[str, Any]) -> str:
    row, created = model.objects.get_or_create(code=values["code"], defaults=values)
    if created:
        return "created"
    changed = [key for key, value in values.items() if getattr(row, key) != value]
    if not changed:
        return "unchanged"
    for key in changed:
        setattr(row, key, values[key])
    row.save(update_fields=changed)
    return "changed"
