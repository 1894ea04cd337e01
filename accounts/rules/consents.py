"""What an account agrees to, purpose by purpose (D1): its state follows from the rows of its changes alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol


class Purpose(StrEnum):
    """In the order in which the page names them."""

    MARKETING = "marketing"
    LOCATION = "location_services"
    DRIVING = "driving_analytics"
    INSURANCE = "usage_based_insurance"
    IMPROVEMENT = "product_improvement"


class Change(Protocol):
    """A row of the ledger."""

    purpose: str
    number: int
    is_given: bool
    at: datetime


@dataclass(frozen=True)
class State:
    """`since` is the moment of the last change; None where there was none: then nothing was ever given."""

    is_given: bool
    since: datetime | None
    changes: int


NEVER = State(is_given=False, since=None, changes=0)


def current_states(changes: Iterable[Change]) -> dict[Purpose, State]:
    """Of every purpose, whatever the order of the rows: the last change decides, and no change means no."""
    states = dict.fromkeys(Purpose, NEVER)
    for change in changes:
        purpose = Purpose(change.purpose)
        if change.number > states[purpose].changes:
            states[purpose] = State(is_given=change.is_given, since=change.at, changes=change.number)
    return states


def next_change(state: State, *, is_given: bool) -> int | None:
    """The number of the change to record; None where it is so already: the same button twice is one change."""
    return None if state.is_given == is_given else state.changes + 1


def fingerprint(shown: str) -> str:
    """SHA-256 in hex of the very words that stood there."""
    return sha256(shown.encode()).hexdigest()
