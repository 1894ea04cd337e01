"""The file of a deployment: brand, legal entity and market, as data (`manage.py load_brand`)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from portal.files.data_files import Section, read_data_file
from portal.models import Brand, LegalEntity, Market
from portal.vat_rates import save_vat_rates, vat_rates

HEX_COLOUR = "#[0-9a-fA-F]{6}"
COUNTRY = "[A-Z]{2}"
EMAIL = r"[^@\s]+@[^@\s]+"
VIN_PREFIX = re.compile("[A-HJ-NPR-Z0-9]{3}")
LEGAL_TEXTS = ("privacy", "accessibility", "company")


@dataclass(frozen=True)
class Loaded:
    """What the file held, and whether each thing was created, changed or unchanged."""

    what: str
    outcome: str


@transaction.atomic
def load_brand(path: Path) -> list[Loaded]:
    """Brings the database to what the file says, or changes nothing: DataFileError names each fault."""
    file = read_data_file(path)
    market_section = file.section("market")
    languages = market_section.words("languages", among=[code for code, _ in settings.LANGUAGES])
    brand = _brand(file.section("brand"), languages)
    entity = _legal_entity(file.section("legal_entity"))
    market = _market(market_section, languages)
    rates = vat_rates(file.sections("vat_rates")) if file.has("vat_rates") else []
    file.refuse_the_rest()
    file.raise_problems()
    saved_brand, brand_outcome = _save(Brand, brand)
    saved_entity, entity_outcome = _save(LegalEntity, entity)
    saved_market, market_outcome = _save(Market, market | {"brand": saved_brand, "legal_entity": saved_entity})
    return [
        Loaded(f"brand {saved_brand}", brand_outcome),
        Loaded(f"legal entity {saved_entity}", entity_outcome),
        Loaded(f"market {saved_market}", market_outcome),
        Loaded("VAT rates", save_vat_rates(rates)),
    ]


def _brand(section: Section, languages: list[str]) -> dict[str, Any]:
    values = {
        "code": section.text("code", longest=50, like="[a-z0-9-]+"),
        "name": section.text("name", longest=80),
        "portal_name": section.text("portal_name", longest=80),
        "app_name": section.text("app_name", longest=80),
        "customer_centre": section.texts("customer_centre", languages=languages),
        "accent_light": section.text("accent_light", like=HEX_COLOUR),
        "accent_dark": section.text("accent_dark", like=HEX_COLOUR),
        "vin_prefixes": _vin_prefixes(section) if section.has("vin_prefixes") else [],
    }
    section.refuse_the_rest()
    return values


def _vin_prefixes(section: Section) -> list[str]:
    prefixes = section.words("vin_prefixes")
    for prefix in prefixes:
        if not VIN_PREFIX.fullmatch(prefix):
            section.problem("vin_prefixes", f"has {prefix!r}, which is not the beginning of a VIN such as JTH")
    return prefixes


def _legal_entity(section: Section) -> dict[str, Any]:
    values = {
        "code": section.text("code", longest=50, like="[a-z0-9-]+"),
        "series": section.text("series", like="[A-Z0-9]{1,8}"),
        "name": section.text("name", longest=160),
        "address_lines": section.words("address_lines"),
        "country": section.text("country", like=COUNTRY),
        "vat_number": section.text("vat_number", longest=20),
        "registration": section.text("registration", longest=80, default=""),
        "email": section.text("email", like=EMAIL),
    }
    _check_series(section, values)
    section.refuse_the_rest()
    return values


def _check_series(section: Section, values: dict[str, Any]) -> None:
    """I2: its documents bear it, and nobody else's."""
    others = LegalEntity.objects.exclude(code=values["code"])
    if taken := others.filter(series=values["series"]).first():
        section.problem("series", f"is {values['series']!r}, which is that of {taken.code}")
    known = LegalEntity.objects.filter(code=values["code"]).first()
    if known and known.series != values["series"]:
        section.problem("series", f"was {known.series!r} and never changes: a new seller has a code of its own")


def _market(section: Section, languages: list[str]) -> dict[str, Any]:
    values = {
        "code": section.text("code", like=COUNTRY),
        "names": section.texts("names", languages=languages),
        "is_default": section.flag("is_default"),
        "currency": section.text("currency", like="[A-Z]{3}"),
        "vat_rate": section.decimal("vat_rate", least="0", below="100"),
        "time_zone": section.text("time_zone"),
        "languages": languages,
        "card_brands": section.words("card_brands", among=("visa", "mastercard")),
        "card_funding": section.words("card_funding", among=("credit", "debit", "prepaid")),
        "card_processor": section.texts("card_processor", languages=languages),
        "odometer_tolerance_km": section.integer("odometer_tolerance_km", least=0, most=1000),
        "wrong_readings_per_car": section.integer("wrong_readings_per_car", least=3, most=1000, default=12),
        "wrong_readings_days": section.integer("wrong_readings_days", least=1, most=366, default=30),
        "shows_ordered_cars": section.flag("shows_ordered_cars"),
        "sells_in_portal": section.flag("sells_in_portal") if section.has("sells_in_portal") else True,
        "order_ahead_days": section.integer("order_ahead_days", least=0, most=60, default=0),
        "control_request_days": section.integer("control_request_days", least=1, most=30),
        "control_offer_days": section.integer("control_offer_days", least=1, most=14),
        "trade_in_days": section.integer("trade_in_days", least=1, most=30, default=3),
        "refund_days": section.integer("refund_days", least=1, most=60),
        "refund_alone_up_to": _refund_alone_up_to(section),
        "goodwill_days": section.integer("goodwill_days", least=0, most=366, default=90),
        "terms_days": section.integer("terms_days", least=1, most=365, default=14),
        "document_years": section.integer("document_years", least=1, most=30),
        "document_years_source": section.text("document_years_source", longest=300),
        "notice_months": section.integer("notice_months", least=6, most=120),
        "case_months": section.integer("case_months", least=1, most=120, default=24),
        "contact": _contact(section.section("contact"), languages),
        "legal_texts": _legal_texts(section.section("legal_texts"), languages),
    }
    _check_market(section, values)
    section.refuse_the_rest()
    return values


def _refund_alone_up_to(section: Section) -> Decimal:
    if not section.has("refund_alone_up_to"):
        return Decimal(50)
    return section.decimal("refund_alone_up_to", least="0", below="100000")


DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
SITE = r"https://\S+"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"


def _contact(section: Section, languages: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "telephone": section.text("telephone", longest=30),
        "email": section.text("email", like=EMAIL),
        "hours": section.texts("hours", languages=languages),
        "address": section.texts("address", languages=languages),
        "languages": section.words("languages", among=languages),
        "openings": [opening_of(opening) for opening in section.sections("openings")],
        "holidays": section.words("holidays") if section.has("holidays") else [],
    }
    # Pages of the brand and of others to which the hub's answers send their readers.
    values |= {name: section.text(name, like=SITE) for name in ("services_site", "carplay_list") if section.has(name)}
    for day in values["holidays"]:
        if not DATE.fullmatch(day):
            section.problem("holidays", f"has {day!r}, which is no date such as 2026-12-25")
    section.refuse_the_rest()
    return values


def opening_of(section: Section) -> dict[str, Any]:
    """Hours on some weekdays, Monday to Sunday as 0 to 6; what goes past midnight is written as two."""
    values = {
        "days": [int(day) for day in section.words("days", among=list("0123456"))],
        "opens": section.text("opens", like=CLOCK),
        "closes": section.text("closes", like=CLOCK),
    }
    section.refuse_the_rest()
    return values


def _legal_texts(section: Section, languages: list[str]) -> dict[str, Any]:
    values = {kind: section.texts(kind, languages=languages) for kind in LEGAL_TEXTS}
    section.refuse_the_rest()
    return values


def _check_market(section: Section, values: dict[str, Any]) -> None:
    if values["time_zone"] and values["time_zone"] not in available_timezones():
        section.problem("time_zone", f"is {values['time_zone']!r}, which is no time zone")
    default = Market.objects.filter(is_default=True).exclude(code=values["code"]).first()
    if values["is_default"] and default:
        section.problem("is_default", f"is true, and so is that of {default.code}")


def _save(model: type[Model], values: dict[str, Any]) -> tuple[Any, str]:
    known = model._default_manager.filter(code=values["code"]).first()
    if known is None:
        return model._default_manager.create(**values), "created"
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, values[name])
    if changed:
        known.save(update_fields=changed)
    return known, f"changed: {', '.join(changed)}" if changed else "unchanged"
