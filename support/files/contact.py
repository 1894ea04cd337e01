"""The file of a market's contact: what messages are about, and answers that are often given (`load_contact`)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from portal.files.data_files import Section, read_data_file
from portal.models import Market
from support.articles.placeholders import PLACEHOLDER
from support.cases.canned import KNOWN
from support.models import CannedText, CaseCategory

CODE = "[a-z0-9-]+"


@dataclass(frozen=True)
class Loaded:
    categories: int
    texts: int


@transaction.atomic
def load_contact(path: Path) -> Loaded:
    """Brings the market's rows to what the file says, or changes nothing: DataFileError names each fault.

    A category that is not there any more keeps its cases and takes no new ones; a canned text goes.
    """
    file = read_data_file(path)
    market = Market.objects.filter(code=file.text("market", like="[A-Z]{2}")).first()
    if market is None:
        file.problem("market", "is not loaded")
    languages = market.languages if market else ["en"]
    categories = [_category(each, languages) for each in file.sections("categories")]
    texts = [_text(each, languages) for each in file.sections("canned_texts")]
    file.refuse_the_rest()
    file.raise_problems()
    CaseCategory.objects.filter(market=market).update(is_offered=False)
    _save(CaseCategory, market, [values | {"is_offered": True} for values in categories])
    CannedText.objects.filter(market=market).exclude(code__in=[values["code"] for values in texts]).delete()
    _save(CannedText, market, texts)
    return Loaded(categories=len(categories), texts=len(texts))


def _category(section: Section, languages: list[str]) -> dict[str, Any]:
    values = {
        "code": section.text("code", longest=40, like=CODE),
        "names": section.texts("names", languages=languages),
        "due_days": section.integer("due_days", least=1, most=30),
        "is_billing": section.flag("is_billing"),
    }
    section.refuse_the_rest()
    return values


def _text(section: Section, languages: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": section.text("code", longest=40, like=CODE),
        "titles": section.texts("titles", languages=languages),
        "texts": section.texts("texts", languages=languages),
    }
    for language, text in values["texts"].items():
        for name in PLACEHOLDER.findall(text):
            if name not in KNOWN:
                section.problem("texts", f"{language} names {name}, which nothing fills")
    section.refuse_the_rest()
    return values


def _save(model: type[Model], market: Market | None, rows: list[dict[str, Any]]) -> None:
    for position, values in enumerate(rows):
        defaults = values | {"position": position}
        model._default_manager.update_or_create(market=market, code=values["code"], defaults=defaults)
