"""The words of a notice, filled from its facts in the active language: for the inbox and for its mail."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from accounts.models import Notice
from accounts.notices.kinds import KINDS, WORDS
from portal.links import in_language
from portal.plain_text import render_text

AMOUNTS = {"amount", "price", "old_price", "gross", "refund"}
DATES = {"period_from", "period_to"}


@dataclass(frozen=True)
class Link:
    """The next step: what it says, and a path of this site."""

    label: str
    path: str


def subject(notice: Notice) -> str:
    """One line: the mail's subject and the inbox's headline."""
    return " ".join(render_text(f"emails/{notice.kind}.subject.txt", _context(notice)).split())


def body(notice: Notice) -> str:
    """Paragraphs, separated by empty lines."""
    return render_text(f"emails/{notice.kind}.txt", _context(notice))


def link(notice: Notice) -> Link | None:
    """The page in the active language, whatever language was active when the account was told."""
    path = notice.facts.get("url")
    if not path:
        return None
    return Link(label=str(KINDS[notice.kind].link_label), path=in_language(path, get_language() or "en"))


def _context(notice: Notice) -> dict[str, Any]:
    return {"currency": notice.account.market.currency} | values(notice.facts)


def values(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as the templates want them: amounts as decimals, dates as dates, moments as moments, codes as words."""
    return {key: _value(key, value) for key, value in facts.items()}


def _value(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [values(item) if isinstance(item, dict) else item for item in value]
    if not value or not isinstance(value, str):
        return value
    if key in WORDS:
        return WORDS[key](value)
    if key in AMOUNTS:
        return Decimal(value)
    if key.endswith("_on") or key in DATES:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if key.endswith("_at") else value
