"""What the customer types on the card page, checked field by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from subscriptions.gateway.sandbox.cards import LENGTHS, brand_of, passes_luhn
from subscriptions.gateway.sandbox.texts import say

FIELDS = ("number", "expiry", "cvc", "name")
MOST_YEARS = 20


@dataclass(frozen=True, kw_only=True)
class CardForm:
    """`typed` is what to show again: never the CVC. `errors` has a sentence by field; empty when all is well."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    exp_month: int = 0
    exp_year: int = 0


def read_card(fields: Mapping[str, str], *, language: str, today: date) -> CardForm:
    typed = {name: fields.get(name, "").strip()[:100] for name in FIELDS}
    number = re.sub(r"[\s-]", "", typed["number"])
    month, year = _month_and_year(typed["expiry"])
    found = {
        "number": _number_error(number),
        "expiry": _expiry_error(month, year, today=today),
        "cvc": _cvc_error(typed["cvc"], brand=brand_of(number)),
        "name": "" if typed["name"] else "name_missing",
    }
    digits = {"digits": str(len(number)), "wanted": "/".join(map(str, sorted(LENGTHS.get(brand_of(number), ()))))}
    return CardForm(
        typed=typed | {"cvc": ""},
        errors={name: say(language, error, **digits) for name, error in found.items() if error},
        number=number,
        exp_month=month,
        exp_year=year,
    )


def _number_error(number: str) -> str:
    if not number:
        return "number_missing"
    if not (number.isascii() and number.isdigit()):
        return "number_not_digits"
    if brand_of(number) not in LENGTHS:
        return "number_unknown_brand"
    if len(number) not in LENGTHS[brand_of(number)]:
        return "number_length"
    return "" if passes_luhn(number) else "number_mistyped"


def _month_and_year(expiry: str) -> tuple[int, int]:
    """Month and four-digit year of 07/30, 7/30, 0730 or 07/2030; zeros when it is none of these."""
    match = re.fullmatch(r"([0-9]{1,2})\s*/\s*(?:20)?([0-9]{2})|([0-9]{2})([0-9]{2})", expiry)
    if match is None:
        return 0, 0
    month, year = match[1] or match[3], match[2] or match[4]
    return int(month), 2000 + int(year)


def _expiry_error(month: int, year: int, *, today: date) -> str:
    if not 1 <= month <= 12:
        return "expiry_unreadable"
    if (year, month) < (today.year, today.month):
        return "expiry_passed"
    return "expiry_too_far" if year > today.year + MOST_YEARS else ""


def _cvc_error(cvc: str, *, brand: str) -> str:
    wanted = 4 if brand == "amex" else 3
    is_right = len(cvc) == wanted and cvc.isascii() and cvc.isdigit()
    return "" if is_right else f"cvc_{wanted}_digits"
