"""The words of a notice, filled from its facts in the active language: for the inbox and for its mail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from accounts.models import Notice
from accounts.notices.kinds import KINDS, WORDS
from portal.links import in_language
from portal.plain_text import render_line, render_text

AMOUNTS = {"amount", "price", "old_price", "gross", "refund"}
DATES = {"period_from", "period_to"}


@dataclass(frozen=True)
class Link:
    """The next step: what it says, and a path of this site."""

    label: str
    path: str


def subject(notice: Notice) -> str:
    """One line: the mail's subject and the inbox's headline."""
    return render_line(f"emails/{notice.kind}.subject.txt", _context(notice))


def body(notice: Notice) -> str:
    """Paragraphs, separated by empty lines."""
    return render_text(f"emails/{notice.kind}.txt", _context(notice))


def link(notice: Notice) -> Link | None:
    """The page in the active language, whatever language was active when the account was told."""
    path = notice.facts.get("url")
    if not path:
        return None
    return Link(label=str(KINDS[notice.kind].link_label), path=in_language(path, get_language() or "en"))


def _context(notice: Notice) -> "Facts":
    return Facts({"currency": notice.account.market.currency} | notice.facts)


class Facts(Mapping[str, Any]):
    """Facts as the templates want them: amounts as decimals, dates as dates, moments as moments, codes as words. Each
    when it is read: a headline names few of them."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept

    def __getitem__(self, key: str) -> Any:
        return _value(key, self._kept[key])

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _value(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [Facts(item) if isinstance(item, dict) else item for item in value]
    if not value or not isinstance(value, str):
        return value
    if key in WORDS:
        return WORDS[key](value)
    if key in AMOUNTS:
        return Decimal(value)
    if key.endswith("_on") or key in DATES:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if key.endswith("_at") else value
