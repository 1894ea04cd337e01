"""The file of a market's maintenance plans and recalls (`manage.py load_maintenance`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from garage.models import MaintenanceItem, MaintenancePlan, Recall
from garage.models.vehicle import Powertrain
from garage.rules.vin import faults
from portal.files.data_files import Section, read_data_file
from portal.models import Market

CODE = r"[a-z0-9-]{1,40}"
RECALL_CODE = r"[A-Z0-9-]{1,20}"
MOST_MONTHS = 240
MOST_KM = 500_000


@transaction.atomic
def load_maintenance(path: Path) -> dict[str, int]:
    """Brings plans, their works and recalls to what the file says; gives how many were created, changed, unchanged.

    What the file does not name becomes inactive: what was done by it stays in the history. DataFileError names each
    fault with its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    languages = market.languages if market else []
    plan_sections = file.sections("plans")
    recall_sections = file.sections("recalls") if file.has("recalls") else []
    file.refuse_the_rest()
    plans = [_plan(section, languages) for section in plan_sections]
    recalls = [_recall(section, languages) for section in recall_sections]
    _check_once(plan_sections, [plan for plan, _items in plans])
    _check_once(recall_sections, recalls)
    _check_one_plan_for_a_car(plan_sections, [plan for plan, _items in plans])
    file.raise_problems()
    assert market is not None  # noqa: S101  (a problem otherwise)
    return _save(market, plans, recalls)


def _plan(section: Section, languages: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    guarantee = section.section("warranty")
    values = {
        "code": section.text("code", like=CODE),
        "powertrain": section.text("powertrain"),
        "for_models": section.words("models") if section.has("models") else [],
        "warranty_months": guarantee.integer("months", least=1, most=MOST_MONTHS),
        "warranty_km": _optional(guarantee, "km", most=MOST_KM),
    }
    guarantee.refuse_the_rest()
    if values["powertrain"] not in Powertrain.values:
        section.problem("powertrain", f"is {values['powertrain']!r}; known are {', '.join(Powertrain.values)}")
    works = section.sections("works")
    items = [_item(work, languages, position) for position, work in enumerate(works)]
    section.refuse_the_rest()
    _check_once(works, items)
    return values, items


def _item(section: Section, languages: list[str], position: int) -> dict[str, Any]:
    values = {
        "code": section.text("code", like=CODE),
        "names": section.texts("name", languages=languages),
        "every_months": _optional(section, "every_months", most=MOST_MONTHS),
        "every_km": _optional(section, "every_km", most=MOST_KM),
        "position": position,
    }
    if not section.has("every_months") and not section.has("every_km"):
        section.problem("every_months", "or every_km must say when it comes again")
    section.refuse_the_rest()
    return values


def _recall(section: Section, languages: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": section.text("code", like=RECALL_CODE),
        "names": section.texts("name", languages=languages),
        "texts": section.texts("text", languages=languages),
        "for_models": section.words("models") if section.has("models") else [],
        "vins": section.words("vins") if section.has("vins") else [],
        "opened_on": _day(section, "opened_on"),
    }
    if not values["for_models"] and not values["vins"]:
        section.problem("models", "or vins must name the cars")
    for vin in values["vins"]:
        if faults(vin):
            section.problem("vins", f"has {vin}, which is no VIN")
    section.refuse_the_rest()
    return values


def _day(section: Section, key: str) -> date:
    text = section.text(key)
    try:
        return date.fromisoformat(text)
    except ValueError:
        section.problem(key, f"is {text!r}; it must be a day like 2026-01-31")
        return date.min


def _optional(section: Section, key: str, *, most: int) -> int | None:
    return section.integer(key, least=1, most=most) if section.has(key) else None


def _check_once(sections: Sequence[Section], rows: Iterable[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for section, row in zip(sections, rows, strict=True):
        if row["code"] and row["code"] in seen:
            section.problem("code", f"{row['code']} stands there twice")
        seen.add(row["code"])


def _check_one_plan_for_a_car(sections: Sequence[Section], plans: Sequence[dict[str, Any]]) -> None:
    """Each model in one plan, and one plan without models for a powertrain."""
    seen: set[str] = set()
    for section, plan in zip(sections, plans, strict=True):
        cars = set(plan["for_models"]) or {f"every other {plan['powertrain']}"}
        for car in sorted(cars & seen):
            section.problem("models" if plan["for_models"] else "powertrain", f"has a plan already: {car}")
        seen |= cars


def _save(
    market: Market, plans: list[tuple[dict[str, Any], list[dict[str, Any]]]], recalls: list[dict[str, Any]]
) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for values, items in plans:
        plan = _bring(MaintenancePlan, {"market": market}, values, counts)
        for item in items:
            _bring(MaintenanceItem, {"plan": plan}, item, counts)
        _retire(MaintenanceItem.objects.filter(plan=plan), items)
    for values in recalls:
        _bring(Recall, {"market": market}, values, counts)
    _retire(MaintenancePlan.objects.filter(market=market), [values for values, _items in plans])
    _retire(Recall.objects.filter(market=market), recalls)
    return counts


def _bring(model: type[Any], owner: dict[str, Any], values: dict[str, Any], counts: dict[str, int]) -> Any:
    wanted = values | {"is_active": True}
    row = model.objects.filter(**owner, code=values["code"]).first()
    if row is None:
        counts["created"] += 1
        return model.objects.create(**owner, **wanted)
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    counts["changed" if changed else "unchanged"] += 1
    return row


def _retire(rows: Any, named: Iterable[dict[str, Any]]) -> None:
    rows.filter(is_active=True).exclude(code__in=[row["code"] for row in named]).update(is_active=False)
