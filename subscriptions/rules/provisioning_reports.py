"""Reading what the vehicle backend answers: which switching, done or failed, when and why (C1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from garage.rules.said import MOST_APART, Problem, Unreadable, needed, needed_moment, text, uuid
from subscriptions.rules.provisioning import REPORTED, State

# The backend's own code for why, which staff look up there: "no_reception".
REASON = r"[a-z0-9_]{1,40}"


@dataclass(frozen=True, kw_only=True)
class Report:
    order: UUID
    state: State
    at: datetime
    reason: str = ""


def read(said: Any, *, now: datetime) -> Report:
    """Raises `Unreadable` with the first fault. What is not known is passed over."""
    if not isinstance(said, Mapping):
        raise Unreadable(Problem.WRONG_KIND)
    order, at = needed(said, "order", uuid), needed_moment(said, "at", now=now)
    state = needed(said, "state", text)
    if state not in REPORTED:
        raise Unreadable(Problem.UNKNOWN_CODE, "state")
    reason = needed(said, "reason", _reason) if state == State.FAILED else ""
    return Report(order=order, state=State(state), at=at, reason=reason)


def is_before(at: datetime, asked_at: datetime) -> bool:
    """Whether something is told for a moment at which nobody had asked for it."""
    return at < asked_at - MOST_APART


def _reason(value: Any) -> str:
    if not re.fullmatch(REASON, text(value)):
        raise ValueError(value)
    return str(value)
