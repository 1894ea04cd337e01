"""Maps of head units: two editions a year, which one is due, and the way of an update over the air (C6)."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

VERSION = r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}"
LONGEST_VERSION = 19
SPRING_FROM, AUTUMN_FROM = 3, 9


class Season(StrEnum):
    SPRING = "spring"
    AUTUMN = "autumn"


class Edition(NamedTuple):
    year: int
    season: Season


class State(StrEnum):
    REQUESTED = "requested"
    # On its way into the car.
    SENT = "sent"
    INSTALLED = "installed"
    FAILED = "failed"
    # By its account; or its account lost control of the car.
    CALLED_OFF = "called_off"


OPEN = frozenset({State.REQUESTED, State.SENT})
# What a car's backend tells.
REPORTED = frozenset({State.SENT, State.INSTALLED, State.FAILED})

MOVES: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.SENT, State.INSTALLED, State.FAILED, State.CALLED_OFF}),
    State.SENT: frozenset({State.INSTALLED, State.FAILED, State.CALLED_OFF}),
}


class IllegalMove(Exception):
    """The table does not allow this move: a programming error, never a customer's."""


class Verdict(StrEnum):
    """What a report of a state means for an update."""

    MOVES = "moves"
    # Told before, or overtaken by what was told before.
    KNOWN = "known"
    # The update had come to another end.
    OVER = "over"


class Release(Protocol):
    version: str
    released_on: date


AnyRelease = TypeVar("AnyRelease", bound=Release)


def check_move(current: State, new: State) -> None:
    """Raises `IllegalMove` unless the table allows the move."""
    if new not in MOVES.get(current, frozenset()):
        raise IllegalMove(f"{current} -> {new}")


def verdict(current: State, said: State) -> Verdict:
    """Reports come twice and out of order: nothing moves back, and an end stays as it was told first."""
    if said in MOVES.get(current, frozenset()):
        return Verdict.MOVES
    is_late = said == State.SENT and current in (State.INSTALLED, State.FAILED)
    return Verdict.KNOWN if said == current or is_late else Verdict.OVER


def may_call_off(state: State) -> bool:
    """By whoever asked for it: until it is on its way into the car."""
    return state == State.REQUESTED


def is_version(text: str) -> bool:
    return re.fullmatch(VERSION, text) is not None


def version_key(version: str) -> tuple[int, ...]:
    """For comparing: numbers between the dots, so that 2026.10 follows 2026.9, and 2026.1.0 is 2026.1."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def is_newer(version: str, than: str) -> bool:
    return version_key(version) > version_key(than)


def newest(releases: Iterable[AnyRelease], *, today: date) -> AnyRelease | None:
    """Of those that have come out; None where none has."""
    out = [release for release in releases if release.released_on <= today]
    return max(out, key=lambda release: version_key(release.version), default=None)


def is_due(release: Release | None, *, installed: str | None) -> bool:
    """C6: the car has told its version, and it is an older one."""
    return release is not None and installed is not None and is_newer(release.version, installed)


def may_offer(release: Release | None, *, installed: str | None) -> bool:
    """A car that has told no version can be brought to the newest one, too."""
    return release is not None and (installed is None or is_newer(release.version, installed))


def edition_of(today: date) -> Edition:
    """The edition whose season has begun last: spring from March, autumn from September on."""
    if today.month >= AUTUMN_FROM:
        return Edition(today.year, Season.AUTUMN)
    if today.month >= SPRING_FROM:
        return Edition(today.year, Season.SPRING)
    return Edition(today.year - 1, Season.AUTUMN)


def following(edition: Edition) -> Edition:
    if edition.season == Season.SPRING:
        return Edition(edition.year, Season.AUTUMN)
    return Edition(edition.year + 1, Season.SPRING)


def expected(newest: Edition | None, *, today: date) -> Edition:
    """C6, two a year: the one after the newest that is out, and none whose season is long past."""
    current = edition_of(today)
    if newest is None:
        return current
    after = following(newest)
    return max(after, current, key=lambda edition: (edition.year, edition.season == Season.AUTUMN))
