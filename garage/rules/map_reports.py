"""Reading what a car's backend tells of maps: the version in a car, or how far an update has come (C6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from garage.rules import vin as vin_rules
from garage.rules.maps import LONGEST_VERSION, REPORTED, State, is_version
from garage.rules.said import MOST_APART, Problem, Unreadable, needed, needed_moment, text, uuid

VERSION, UPDATE = "version", "update"
KINDS = (VERSION, UPDATE)


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


def read(said: Any, *, now: datetime) -> MapReport:
    """Raises `Unreadable` with the first fault. What is not known is passed over."""
    if not isinstance(said, Mapping):
        raise Unreadable(Problem.WRONG_KIND)
    kind, at = needed(said, "kind", text), needed_moment(said, "at", now=now)
    if kind not in KINDS:
        raise Unreadable(Problem.UNKNOWN_CODE, "kind")
    if kind == VERSION:
        vin = vin_rules.clean(needed(said, "vin", text))
        return VersionReport(vin=vin, version=needed(said, "version", _version), at=at)
    return UpdateReport(update=needed(said, "update", uuid), state=_state(said), at=at)


def is_before(at: datetime, requested_at: datetime) -> bool:
    """Whether something is told of an update for a moment at which nobody had asked for it."""
    return at < requested_at - MOST_APART


def _state(said: Mapping[str, Any]) -> State:
    state = needed(said, "state", text)
    if state not in REPORTED:
        raise Unreadable(Problem.UNKNOWN_CODE, "state")
    return State(state)


def _version(value: Any) -> str:
    version = text(value)
    if len(version) > LONGEST_VERSION or not is_version(version):
        raise ValueError(value)
    return version
