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
# Invented ones, to show how a country writes them.
EXAMPLES = (
    *("ATU12345678", "BE0123456789", "BG123456789", "CY10123456A", "CZ12345678", "DE123456789", "DK12345678"),
    *("EE123456789", "EL123456789", "ESX1234567X", "FI12345678", "FR12345678901", "HR12345678901", "HU12345678"),
    *("IE1234567WA", "IT12345678901", "LT123456789", "LU12345678", "LV12345678901", "MT12345678", "NL123456789B01"),
    *("PL1234567890", "PT123456789", "RO1234567890", "SE123456789012", "SI12345678", "SK1234567890", "XI123456789"),
)
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


def complete_vat_number(number: str, *, country: str) -> str:
    """A tidy number that was typed without its letters gets those of the country (ISO code), if that makes it one."""
    prefix = "EL" if country == "GR" else country
    completed = f"{prefix}{number}"
    return completed if not is_vat_number(number) and is_vat_number(completed) else number


def vat_number_example(*, number: str, country: str) -> str:
    """How the country whose letters a tidy number has writes them; else the customer's (ISO code); else Cyprus."""
    by_prefix = {example[:2]: example for example in EXAMPLES}
    prefix = "EL" if country == "GR" else country
    return by_prefix.get(number[:2]) or by_prefix.get(prefix) or by_prefix["CY"]
