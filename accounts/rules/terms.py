"""Which version of the Terms of Use is in force, and how an account stands to it (A2)."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

# The first multimedia generation whose head units have the Terms accepted when they create an account.
FIRST_GENERATION_THAT_ASKS = 21
_GENERATION = re.compile(r"MM(\d{2})")


class Version(Protocol):
    """Anything that comes into force at a moment."""

    effective_at: datetime


V = TypeVar("V", bound=Version)


def current_version(versions: Iterable[V], *, now: datetime) -> V | None:
    """The version that came into force last, its own moment included; None while none is in force yet."""
    in_force = [version for version in versions if version.effective_at <= now]
    return max(in_force, key=lambda version: version.effective_at, default=None)


class TermsStanding(StrEnum):
    ACCEPTED = "accepted"
    # The version in force waits for an answer: new for the account, or new altogether.
    ASKED = "asked"
    # Never accepted, and the days of a head unit's account still run: the one exception to C3.
    COUNTING = "counting"
    # Never accepted, and they are over: its connected services pause.
    PAUSED = "paused"


def has_days_to_accept(generation: str) -> bool:
    """A2: generations before MM21. One that is not named so is no exception."""
    known = _GENERATION.fullmatch(generation)
    return known is not None and int(known[1]) < FIRST_GENERATION_THAT_ASKS


def last_day_to_accept(*, created_on: date, days: int) -> date:
    """A2, counted as X5 counts: the day of creation is not counted, the last one is included, to its end."""
    return created_on + timedelta(days=days)


def days_left(*, last_day: date, today: date) -> int:
    """Full days after today; 0 on the last day itself and ever after."""
    return max((last_day - today).days, 0)


def is_paused(*, last_day: date | None, has_ever_accepted: bool, today: date) -> bool:
    """A2: only for want of a first acceptance; a newer version that waits pauses nothing."""
    return last_day is not None and not has_ever_accepted and today > last_day


def terms_standing(
    *, has_accepted_current: bool, has_ever_accepted: bool, last_day: date | None, today: date
) -> TermsStanding:
    """`last_day` is that of a head unit's account, None for every other."""
    if has_accepted_current:
        return TermsStanding.ACCEPTED
    if last_day is None or has_ever_accepted:
        return TermsStanding.ASKED
    is_over = is_paused(last_day=last_day, has_ever_accepted=has_ever_accepted, today=today)
    return TermsStanding.PAUSED if is_over else TermsStanding.COUNTING
