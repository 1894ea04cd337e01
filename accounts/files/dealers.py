"""The file of a market's dealers and of the towns around them (`manage.py load_dealers`)."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Dealer, Town
from accounts.rules.hours import read_timetable
from accounts.rules.searching import plain
from portal.files.brand_file import opening_of
from portal.files.data_files import Section, read_data_file
from portal.models import Market

CODE = r"[a-z0-9-]{1,50}"
EMAIL = r"[^@\s]+@[^@\s]+"
WEBSITE = r"https://\S+"
TELEPHONE = r"\+?[0-9 ()/.\-]{5,30}"
POSTCODE = r"[0-9A-Z][0-9A-Z -]{0,10}"
# A list that one page shows, and one query reads.
MOST = 500


@transaction.atomic
def load_dealers(path: Path) -> dict[str, int]:
    """Brings towns and dealers to what the file says; gives how many were created, changed, unchanged, inactive.

    A dealer that the file does not name becomes inactive. DataFileError names each fault with its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    town_sections, dealer_sections = file.sections("towns"), file.sections("dealers")
    file.refuse_the_rest()
    languages = market.languages if market else []
    towns = [_town(section, languages) for section in town_sections]
    dealers = [_dealer(section, languages, towns=towns) for section in dealer_sections]
    for sections, values in ((town_sections, towns), (dealer_sections, dealers)):
        _check_once(sections, values)
    if len(dealers) > MOST:
        file.problem("dealers", f"are more than {MOST}")
    file.raise_problems()
    assert market is not None  # noqa: S101  (a problem otherwise)
    return _save(market, towns, dealers)


def _town(section: Section, languages: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": section.text("code", like=CODE),
        "names": section.texts("names", languages=languages),
        "postcodes": section.words("postcodes") if section.has("postcodes") else [],
        **_point(section),
    }
    values["search_text"] = _searchable(values["names"].values())
    section.refuse_the_rest()
    return values


def _dealer(section: Section, languages: list[str], *, towns: list[dict[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": section.text("code", like=CODE),
        "name": section.text("name", longest=120),
        "addresses": section.texts("address", languages=languages),
        "postcode": section.text("postcode", like=POSTCODE),
        "town": section.text("town", like=CODE),
        "telephone": section.text("telephone", like=TELEPHONE),
        "email": section.text("email", longest=254, like=EMAIL),
        "website": section.text("website", longest=200, like=WEBSITE, default=""),
        "services": section.words("services", among=Dealer.SERVICES),
        "hours": _hours(section),
        **_point(section),
    }
    town = next((town for town in towns if town["code"] == values["town"]), None)
    if values["town"] and town is None:
        section.problem("town", f"is {values['town']!r}, which is none of the towns of this file")
    names = town["names"].values() if town else ()
    values["search_text"] = _searchable([values["name"], values["postcode"], *values["addresses"].values(), *names])
    section.refuse_the_rest()
    return values


def _hours(section: Section) -> dict[str, Any]:
    hours: dict[str, Any] = {
        "openings": [opening_of(opening) for opening in section.sections("openings")],
        "holidays": section.words("holidays") if section.has("holidays") else [],
    }
    try:
        read_timetable(hours)
    except ValueError as error:
        section.problem("openings", f"cannot be: {error}")
    return hours


def _point(section: Section) -> dict[str, Decimal]:
    return {
        "latitude": _degrees(section, "latitude", most=90),
        "longitude": _degrees(section, "longitude", most=180),
    }


def _degrees(section: Section, key: str, *, most: int) -> Decimal:
    text = section.text(key, longest=12)
    try:
        degrees = Decimal(text or "0")
    except InvalidOperation:
        degrees = Decimal("NaN")
    if not degrees.is_finite() or abs(degrees) > most or degrees != round(degrees, 5):
        section.problem(key, f"is {text!r}; it must be degrees from -{most} to {most} with at most five places")
        return Decimal(0)
    return degrees


def _searchable(texts: Iterable[str]) -> str:
    return " ".join(plain(text) for text in texts)


def _check_once(sections: list[Section], rows: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for section, row in zip(sections, rows, strict=True):
        if row["code"] and row["code"] in seen:
            section.problem("code", f"{row['code']} stands there twice")
        seen.add(row["code"])


def _save(market: Market, towns: list[dict[str, Any]], dealers: list[dict[str, Any]]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    known_towns = {town.code: town for town in Town.objects.filter(market=market)}
    for values in towns:
        _outcome, known_towns[values["code"]] = _bring(Town, known_towns.get(values["code"]), market, values)
    known = {dealer.code: dealer for dealer in Dealer.objects.filter(market=market).select_related("town")}
    for values in dealers:
        values |= {"town": known_towns[values["town"]], "is_active": True}
        outcome, _row = _bring(Dealer, known.get(values["code"]), market, values)
        counts[outcome] += 1
    gone = Dealer.objects.filter(market=market, is_active=True).exclude(code__in=[row["code"] for row in dealers])
    return counts | {"inactive": gone.update(is_active=False)}


def _bring(model: type[Any], row: Any, market: Market, values: dict[str, Any]) -> tuple[str, Any]:
    if row is None:
        return "created", model.objects.create(market=market, **values)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return "changed" if changed else "unchanged", row
