"""The catalogue file of a market: services, packages, needs, free months and plans, from a day on.

It is read strictly, and all that is wrong with it is said at once, each with its place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from garage.models.vehicle import Powertrain
from portal.files.data_files import DataFileError, Section, read_data_text
from portal.models import Market
from subscriptions.models import Package
from subscriptions.rules.offer import Channel
from subscriptions.rules.periods import TERM_MONTHS

CODE = r"[a-z][a-z0-9-]{1,38}"
GENERATION = r"[A-Z0-9]{2,12}"
MOST_FREE_MONTHS = 120
SERVICE_FLAGS = ("uses_location", "uses_profile", "uses_charge", "updates_maps")


@dataclass(frozen=True, kw_only=True)
class CatalogueFile:
    """What a file says. Rows by their code, in the file's order, with the columns of the models."""

    market: Market
    content: str
    # None where the file names no day.
    effective_on: date | None
    services: Mapping[str, Mapping[str, Any]]
    packages: Mapping[str, Mapping[str, Any]]


def read_catalogue_file(path: Path) -> CatalogueFile:
    """DataFileError with every fault and its place."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path}: {error}") from error
    return read_catalogue(content, name=str(path))


def read_catalogue(content: str, *, name: str) -> CatalogueFile:
    """The same of a text; `name` is what faults are said of."""
    file = read_data_text(content, file=name)
    market = _market(file)
    effective_on = file.day("effective_on")
    services = {row["code"]: row for row in _services(file, market.languages)}
    packages = {row["code"]: row for row in _packages(file, market.languages, services)}
    _check_bases(file, packages)
    file.refuse_the_rest()
    file.raise_problems()
    return CatalogueFile(
        market=market, content=content, effective_on=effective_on, services=services, packages=packages
    )


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
        "is_set_up_in_car": section.flag("set_up_in_car"),
        "channels": _channels(section),
        "complimentary_months": _free_months(section),
        **_needs_of_car(section),
        "prices": _prices(section),
    }


def _one_of(section: Section, key: str, words: Collection[str]) -> str:
    word = section.text(key)
    if word and word not in words:
        section.problem(key, f"is {word!r}; known are {', '.join(words)}")
    return word


def _channels(section: Section) -> list[str]:
    """C8: the app sells everywhere, so only the portal can be left out."""
    if not section.has("channels"):
        return []
    channels = section.words("channels", among=list(Channel))
    if Channel.APP not in channels:
        section.problem("channels", f"must have {Channel.APP} among them")
    return channels


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
