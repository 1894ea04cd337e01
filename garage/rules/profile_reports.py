"""What a car's backend tells of profiles on its screen: linked, or removed (C6, L1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from garage.rules import vin as vin_rules
from garage.rules.said import Problem, Unreadable, needed, needed_moment, text, truth, uuid


@dataclass(frozen=True, kw_only=True)
class ProfileReport:
    """`account` is the account's public id, as the head unit knows it from signing in."""

    vin: str
    account: UUID
    is_linked: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Known:
    """The account's last profile in the car, as far as it is known."""

    linked_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    was_removed_in_the_car: bool = False


def read(said: Any, *, now: datetime) -> ProfileReport:
    """Raises `Unreadable` with the first fault."""
    if not isinstance(said, Mapping):
        raise Unreadable(Problem.WRONG_KIND)
    return ProfileReport(
        vin=vin_rules.clean(needed(said, "vin", text)),
        account=needed(said, "account", uuid),
        is_linked=needed(said, "is_linked", truth),
        at=needed_moment(said, "at", now=now),
    )


def is_news(report: ProfileReport, last: Known | None) -> bool:
    """A report says a state, not an event: whatever comes twice, or later than something newer, is none."""
    if last is None:
        return report.is_linked
    if report.is_linked:
        return report.at > last.ended_at if last.ended_at else last.confirmed_at is None
    return not last.was_removed_in_the_car and report.at >= max(last.linked_at, last.confirmed_at or last.linked_at)
