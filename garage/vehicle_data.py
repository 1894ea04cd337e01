"""The kinds of data that are kept of a car, for its page and its downloads (D3). Each registers itself in `ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from accounts.models import Account
from garage.models import Vehicle

# Of one row: column -> text, number, moment, day, yes or no, or None.
Row = dict[str, Any]
Rows = Callable[[Account, Vehicle], Iterable[Row]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`rows` gives the account's own (D4), oldest first, a few at a time; each has exactly `columns`."""

    # In addresses and file names: small letters and underscores.
    name: str
    title: str | Promise
    unit: str | Promise
    columns: tuple[str, ...]
    rows: Rows
    # None: it stays with the car.
    retention_months: int | None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        _KINDS[kind.name] = kind


def kinds() -> list[Kind]:
    """In the order of registering."""
    return list(_KINDS.values())


def find(name: str) -> Kind | None:
    return _KINDS.get(name)
