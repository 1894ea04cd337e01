"""What one of the staff may have typed into the one box: an address, a name, a number, the end of a card (K2)."""

import re
from dataclasses import dataclass

from garage.rules import plate as plates
from garage.rules import vin as vins

LONGEST = 80
# The end of a telephone number, whatever the country's code before it.
PHONE_DIGITS = 8
SHORTEST_EMAIL = 3
_CONTRACT = re.compile(r"[A-Za-z]{2}-\w{5}-\w{5}")
_LAST_DIGITS = re.compile(r"^(?:(?P<name>\D*\S)\s+)?(?P<digits>\d{2,4})$")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What it may be; empty for what it cannot be. `name` may stand before the last digits of a card."""

    email: str = ""
    name: str = ""
    vin: str = ""
    plate: str = ""
    phone: str = ""
    card_digits: str = ""
    # Of an invoice, credit note, contract, order or case; as it is written there.
    number: str = ""
    # The provider's, which is kept as the provider wrote it.
    reference: str = ""

    @property
    def is_nothing(self) -> bool:
        return self == Asked()


def read(typed: str) -> Asked:
    """Whatever fits is looked for; nothing where too little was typed."""
    text = " ".join(typed.split())[:LONGEST]
    if "@" in text:
        return Asked(email=text.lower()) if len(text.strip("@")) >= SHORTEST_EMAIL else Asked()
    vin, plate = vins.clean(text), plates.clean(text)
    is_vin = len(vin) == vins.LENGTH and not vins.faults(vin)
    is_one = " " not in text and any(letter.isdigit() for letter in text)
    return Asked(
        name="" if is_vin else _name(text),
        vin=vin if is_vin else "",
        plate=plate if _is_plate(plate) else "",
        phone=_phone(text),
        card_digits=_card_digits(text),
        # A contract's random signs may be letters alone; the hyphens tell it from a name.
        number=text.upper() if len(text) >= 5 and (is_one or _CONTRACT.fullmatch(text)) else "",
        # One in fifteen of the provider's has no digit.
        reference=text if " " not in text and len(text) >= 8 else "",
    )


def _is_plate(plate: str) -> bool:
    """Cleaned; in letters that both alphabets share, with a digit."""
    return plates.is_well_formed(plate) and plate.isascii() and any(letter.isdigit() for letter in plate)


def _name(text: str) -> str:
    """Letters, with the last digits of a card behind them at the most."""
    named = _LAST_DIGITS.match(text)
    name = (named["name"] or "") if named else text
    return name if len(name) >= 2 and not any(letter.isdigit() for letter in name) else ""


def _phone(text: str) -> str:
    if not re.fullmatch(r"[+()\d\s./-]+", text):
        return ""
    digits = re.sub(r"\D", "", text)
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _card_digits(text: str) -> str:
    """Four of them; fewer only behind a name, where they narrow it."""
    found = _LAST_DIGITS.match(text)
    if not found:
        return ""
    return found["digits"] if found["name"] or len(found["digits"]) == 4 else ""
