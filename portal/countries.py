"""Countries by their ISO code, named in the reader's language."""

import unicodedata
from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# Regions that CLDR names beside the countries: islands of one, unions, test codes.
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of every country, in the alphabetical order of the active language."""
    return list(_choices(_language()))


def country_name(code: str) -> str:
    """The name in the active language; the code itself if it is none."""
    return _names(_language()).get(code, code)


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@lru_cache
def _names(language: str) -> dict[str, str]:
    return dict(_choices(language))


@lru_cache
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language).territories
    countries = [(code, name) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES]
    return tuple(sorted(countries, key=lambda country: _without_accents(country[1])))


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
