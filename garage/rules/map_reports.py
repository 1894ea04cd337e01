"""Reading what a car's backend tells of maps: the version in a car, or how far an update has come (C6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from garage.rules import vin as vin_rules
from garage.rules.maps import LONGEST_VERSION, REPORTED, State, is_version

MOST_AT_ONCE = 500
# Clocks differ by so much.
MOST_APART = timedelta(minutes=5)
VERSION, UPDATE = "version", "update"
KINDS = (VERSION, UPDATE)


class Problem(StrEnum):
    MISSING = "missing"
    WRONG_KIND = "wrong_kind"
    UNKNOWN_CODE = "unknown_code"
    IN_FUTURE = "in_future"
    UNKNOWN_VIN = "unknown_vin"
    UNKNOWN_UPDATE = "unknown_update"
    BEFORE_REQUEST = "before_request"


@dataclass(frozen=True, kw_only=True)
class Fault:
    problem: Problem
    # Empty: of the whole report.
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class VersionReport:
    vin: str
    version: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UpdateReport:
    update: UUID
    state: State
    at: datetime


MapReport = VersionReport | UpdateReport


class Unreadable(Exception):
    def __init__(self, problem: Problem, field: str = "") -> None:
        super().__init__(f"{field} {problem}")
        self.fault = Fault(problem=problem, field=field)


def read(said: Any, *, now: datetime) -> MapReport:
    """Raises `Unreadable` with the first fault. What is not known is passed over."""
    if not isinstance(said, Mapping):
        raise Unreadable(Problem.WRONG_KIND)
    kind, at = _needed(said, "kind", _text), _needed(said, "at", _moment)
    if kind not in KINDS:
        raise Unreadable(Problem.UNKNOWN_CODE, "kind")
    if at > now + MOST_APART:
        raise Unreadable(Problem.IN_FUTURE, "at")
    if kind == VERSION:
        vin = vin_rules.clean(_needed(said, "vin", _text))
        return VersionReport(vin=vin, version=_needed(said, "version", _version), at=at)
    return UpdateReport(update=_needed(said, "update", _uuid), state=_state(said), at=at)


def is_before(at: datetime, requested_at: datetime) -> bool:
    """Whether something is told of an update for a moment at which nobody had asked for it."""
    return at < requested_at - MOST_APART


def _state(said: Mapping[str, Any]) -> State:
    state = _needed(said, "state", _text)
    if state not in REPORTED:
        raise Unreadable(Problem.UNKNOWN_CODE, "state")
    return State(state)


def _needed(said: Mapping[str, Any], name: str, reader: Callable[[Any], Any]) -> Any:
    value = said.get(name)
    if value is None:
        raise Unreadable(Problem.MISSING, name)
    try:
        return reader(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(Problem.WRONG_KIND, name) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _uuid(value: Any) -> UUID:
    return UUID(_text(value))


def _version(value: Any) -> str:
    version = _text(value)
    if len(version) > LONGEST_VERSION or not is_version(version):
        raise ValueError(value)
    return version


def _moment(value: Any) -> datetime:
    """ISO 8601 with its zone: without one it would be anybody's."""
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    # What lies before the first year in UTC could be written, and never be read again.
    return moment.astimezone(UTC)
