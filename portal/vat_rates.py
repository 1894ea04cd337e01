"""The VAT rates of a deployment's file: by country, each from a day on, with its source."""

from datetime import date
from typing import Any

from portal.files.data_files import Section
from portal.models import VatRate

# What EN 16931 calls them: standard, zero, exempt, reverse charge.
CATEGORIES = {"S": False, "Z": False, "E": True, "AE": True}


def vat_rates(sections: list[Section]) -> list[dict[str, Any]]:
    return [_vat_rate(section) for section in sections]


def save_vat_rates(rates: list[dict[str, Any]]) -> str:
    """Brings the countries that the file names to what it says of them; others stay as they are."""
    countries = {rate["country"] for rate in rates}
    known = {(row.country, row.valid_from): row for row in VatRate.objects.filter(country__in=countries)}
    wanted = {(rate["country"], rate["valid_from"]): VatRate(**rate) for rate in rates}
    changed = [key for key, row in wanted.items() if key not in known or not _same(row, known[key])]
    gone = known.keys() - wanted.keys()
    for key in {*changed, *gone} & known.keys():
        known[key].delete()
    VatRate.objects.bulk_create(wanted[key] for key in changed)
    return f"changed: {len(changed) + len(gone)}" if changed or gone else "unchanged"


def _same(one: VatRate, other: VatRate) -> bool:
    names = ("rate", "category", "reason", "source")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _vat_rate(section: Section) -> dict[str, Any]:
    values: dict[str, Any] = {
        "country": section.text("country", like="[A-Z]{2}"),
        "valid_from": _day(section),
        "rate": section.decimal("rate", least="0", below="100"),
        "category": section.text("category", like="S|Z|E|AE", default="S"),
        "reason": section.text("reason", longest=160, default=""),
        "source": section.text("source", longest=300),
    }
    if (values["rate"] == 0) == (values["category"] == "S"):
        section.problem("rate", "must be 0 where the category is Z, E or AE, and more where it is S")
    if bool(values["reason"]) != CATEGORIES.get(values["category"], False):
        section.problem("reason", "belongs to the categories E and AE, and to no other")
    section.refuse_the_rest()
    return values


def _day(section: Section) -> date:
    try:
        return date.fromisoformat(section.text("valid_from"))
    except ValueError:
        section.problem("valid_from", "must be a day such as 2014-01-13")
        return date.min
