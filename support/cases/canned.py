"""Answers that are often given: in the customer's language, with what they name filled in (H5)."""

from django.utils import translation

from portal.models import Market
from portal.texts import localized
from support.articles.facts import facts_of, fill
from support.articles.placeholders import PLACEHOLDERS
from support.models import CannedText, Case

# Beside those of the articles.
OF_A_CASE = frozenset({"case_number", "category", "name", "telephone"})
KNOWN = PLACEHOLDERS | OF_A_CASE


def texts_of(market: Market) -> list[CannedText]:
    return list(CannedText.objects.filter(market=market).order_by("position"))


def filled(text: CannedText, case: Case) -> str:
    """Where no name is known, the greeting goes without."""
    with translation.override(case.language):
        facts = facts_of(case.market) | {
            "case_number": case.number,
            "category": case.category.name,
            "name": name_of(case),
            "telephone": case.market.contact.get("telephone", ""),
        }
        return fill(localized(text.texts), facts).replace(" ,", ",")


def name_of(case: Case) -> str:
    return case.name or (case.account.name if case.account else "")
