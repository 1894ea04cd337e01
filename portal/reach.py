"""What else reaches a car: apps, head units, third parties. Apps register their part in `AppConfig.ready()` (G12, L1).

A source gives, for an account and a car that it controls, who or what reaches the car by that account's leave, and the
address (of this site, by POST) that takes the leave back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise


class End(Protocol):
    def __call__(self, *, now: datetime, by: Any) -> object:
        """Takes the leave back; a second time changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Reacher:
    name: str
    detail: str = ""
    since: datetime | None = None
    # Empty where it cannot be taken back here; `detail` then says how.
    end_url: str = ""
    # Where it is not the portal that ends it, what pressing says instead of "End the access".
    end_label: str = ""
    # Reaches each car of the account's garage, so none that has left it: an app (L1).
    is_by_garage: bool = False
    # Ends with the account's control of the car, by itself: a company that reads its data.
    is_by_control: bool = False
    # Sits in one of the account's cars; in which, nobody can tell: a head unit.
    is_in_a_car: bool = False
    # For the API, which has no pages: its public id among those of the account, and what takes the leave back.
    id: UUID | None = None
    end: End | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str | Promise
    # Said where nothing reaches the car in this way.
    nobody: str | Promise
    reachers: list[Reacher]


# Called with the account and the vehicle.
Source = Callable[[Any, Any], Iterable[Reacher]]
_SOURCES: list[tuple[str | Promise, str | Promise, Source]] = []


def register(title: str | Promise, source: Source, *, nobody: str | Promise) -> None:
    _SOURCES.append((title, nobody, source))


def find(account: Any, vehicle: Any, public_id: UUID) -> Reacher | None:
    """The one of that id that reaches the car by the account's leave."""
    reachers = (reacher for section in sections_of(account, vehicle) for reacher in section.reachers)
    return next((reacher for reacher in reachers if reacher.id == public_id), None)


def sections_of(account: Any, vehicle: Any) -> list[Section]:
    """In the order of registering."""
    return [
        Section(title=title, nobody=nobody, reachers=list(source(account, vehicle)))
        for title, nobody, source in _SOURCES
    ]
