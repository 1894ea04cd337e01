"""Whether a VAT number is written as its country writes them (A4, I5). Whether it exists, only that country can say."""

import re

# Two letters of the country (EL for Greece, XI for Northern Ireland), then this. The European Commission's own list.
FORMATS = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"[1-9]\d{1,9}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}
# Where the prefix is not the country's ISO code.
ISO_CODES = {"EL": "GR", "XI": "GB"}


def tidy_vat_number(typed: str) -> str:
    """Without blanks, dots and dashes, in capitals; the prefix GR becomes EL, as Greece writes it."""
    number = re.sub(r"[\s.\-/]", "", typed).upper()
    return f"EL{number[2:]}" if number.startswith("GR") else number


def is_vat_number(number: str) -> bool:
    """Whether a tidy number has the form of one of the European Union's."""
    form = FORMATS.get(number[:2])
    return form is not None and re.fullmatch(form, number[2:], re.ASCII) is not None


def vat_country(number: str) -> str:
    """The ISO code of the country that gave the number."""
    return ISO_CODES.get(number[:2], number[:2])
