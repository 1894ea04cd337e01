"""The file that begins the workshops of a market's dealers (`manage.py load_workshops`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Dealer
from accounts.rules.hours import read_timetable
from garage.models import Bay, ClosedDay, OfferedWork, Workshop, WorkshopOpening
from garage.models.workshop import LONGEST_MINUTES
from portal.files.data_files import Section, read_data_file
from portal.models import Market

CODE = r"[a-z0-9-]{1,40}"
MOST_BAYS = 50


@transaction.atomic
def load_workshops(path: Path) -> dict[str, int]:
    """Begins the workshops that there are not yet; gives how many were begun, and how many their dealers keep.

    DataFileError names each fault with its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    work_sections, shop_sections = file.sections("works"), file.sections("workshops")
    file.refuse_the_rest()
    languages = market.languages if market else []
    works = [_work(section, languages, position) for position, section in enumerate(work_sections)]
    dealers = {dealer.code: dealer for dealer in Dealer.objects.filter(market=market, is_active=True)}
    shops = [_shop(section, dealers) for section in shop_sections]
    _check_once("code", work_sections, works)
    _check_once("dealer", shop_sections, shops)
    file.raise_problems()
    known = set(Workshop.objects.filter(dealer__market=market).values_list("dealer__code", flat=True))
    new = [shop for shop in shops if shop["dealer"] not in known]
    for shop in new:
        _begin(dealers[shop["dealer"]], bays=shop["bays"], works=works)
    return {"begun": len(new), "kept": len(shops) - len(new)}


def _work(section: Section, languages: list[str], position: int) -> dict[str, Any]:
    values = {
        "code": section.text("code", like=CODE),
        "names": section.texts("name", languages=languages),
        "minutes": section.integer("minutes", least=30, most=LONGEST_MINUTES),
        "items": section.words("does") if section.has("does") else [],
        "position": position,
    }
    section.refuse_the_rest()
    return values


def _shop(section: Section, dealers: dict[str, Dealer]) -> dict[str, Any]:
    values = {
        "dealer": section.text("dealer", like=CODE),
        "bays": section.integer("bays", least=1, most=MOST_BAYS),
    }
    if values["dealer"] and values["dealer"] not in dealers:
        section.problem("dealer", f"is {values['dealer']!r}, which is no dealer of this market")
    section.refuse_the_rest()
    return values


def _check_once(key: str, sections: Sequence[Section], rows: Iterable[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for section, row in zip(sections, rows, strict=True):
        if row[key] and row[key] in seen:
            section.problem(key, f"{row[key]} stands there twice")
        seen.add(row[key])


def _begin(dealer: Dealer, *, bays: int, works: list[dict[str, Any]]) -> None:
    shop, hours = Workshop.objects.create(dealer=dealer), read_timetable(dealer.hours)
    WorkshopOpening.objects.bulk_create(
        WorkshopOpening(workshop=shop, weekday=day, opens=opening.opens, closes=opening.closes)
        for opening in hours.openings
        for day in sorted(opening.days)
    )
    closed: list[date] = sorted(hours.holidays)
    ClosedDay.objects.bulk_create(ClosedDay(workshop=shop, on=day) for day in closed)
    Bay.objects.bulk_create(Bay(workshop=shop, name=f"Bay {number}") for number in range(1, bays + 1))
    OfferedWork.objects.bulk_create(OfferedWork(workshop=shop, **work) for work in works)
