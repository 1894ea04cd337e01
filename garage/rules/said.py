"""Values out of what a machine has said in JSON: each is of its kind, or a TypeError or ValueError."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

# In one call; what a machine has more of it sends in the next.
MOST_AT_ONCE = 500
# Clocks differ by so much.
MOST_APART = timedelta(minutes=5)


class Problem(StrEnum):
    MISSING = "missing"
    WRONG_KIND = "wrong_kind"
    UNKNOWN_CODE = "unknown_code"
    IN_FUTURE = "in_future"
    UNKNOWN_VIN = "unknown_vin"
    UNKNOWN_UPDATE = "unknown_update"
    UNKNOWN_ORDER = "unknown_order"
    UNKNOWN_ACCOUNT = "unknown_account"
    BEFORE_REQUEST = "before_request"


@dataclass(frozen=True, kw_only=True)
class Fault:
    problem: Problem
    # Empty: of the whole report.
    field: str = ""


class Unreadable(Exception):
    def __init__(self, problem: Problem, field: str = "") -> None:
        super().__init__(f"{field} {problem}")
        self.fault = Fault(problem=problem, field=field)


def needed(said: Mapping[str, Any], name: str, reader: Callable[[Any], Any]) -> Any:
    """Raises `Unreadable` where it is missing or not of its kind."""
    value = said.get(name)
    if value is None:
        raise Unreadable(Problem.MISSING, name)
    try:
        return reader(value)
    except (TypeError, ValueError) as error:
        raise Unreadable(Problem.WRONG_KIND, name) from error


def needed_moment(said: Mapping[str, Any], name: str, *, now: datetime) -> datetime:
    """The same, of a moment that has come, as far as clocks agree."""
    at: datetime = needed(said, name, moment)
    if at > now + MOST_APART:
        raise Unreadable(Problem.IN_FUTURE, name)
    return at


def text(value: Any) -> str:
    """Such as can be kept and said again: without NUL, which no database takes, and without half a character."""
    if not isinstance(value, str):
        raise TypeError(value)
    if "\x00" in value:
        raise ValueError(value)
    value.encode()
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def uuid(value: Any) -> UUID:
    return UUID(text(value))


def moment(value: Any) -> datetime:
    """ISO 8601 with its zone: without one it would be anybody's. In UTC."""
    said = datetime.fromisoformat(text(value))
    if said.tzinfo is None:
        raise ValueError(value)
    try:
        return said.astimezone(UTC)
    except OverflowError as error:
        # What lies before the first year in UTC could be written, and never be read again.
        raise ValueError(value) from error
