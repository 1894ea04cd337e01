"""A dealer at a car: by a code that its customer shows, for ten minutes, or taken in trade (K1)."""

from datetime import datetime, timedelta
from enum import StrEnum

from garage.rules import pairing

CODE_LENGTH = 8
CODE_LIFETIME = timedelta(minutes=10)
CODES_AN_HOUR = 10
# What one member of staff types, right or wrong.
TRIES_AN_HOUR = 20
TRADE_INS_AN_HOUR = 20
ACCESS_LIFETIME = timedelta(minutes=10)


class Paper(StrEnum):
    """What was seen. Never its number."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    RESIDENCE_PERMIT = "residence_permit"


def clean(text: str) -> str:
    """As a code is kept, however it was typed."""
    return pairing.clean(text)


def is_well_formed(code: str) -> bool:
    return len(code) == CODE_LENGTH and set(code) <= set(pairing.ALPHABET)


def holds(*, until: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """K1: whether the dealer may still work on the car; the last moment is none of it."""
    return ended_at is None and now < until


def due_at(*, declared_at: datetime, days: int) -> datetime:
    """The moment at which a car that its owner neither confirmed nor objected to is released."""
    return declared_at + timedelta(days=days)


def may_release(*, due_at: datetime, is_confirmed: bool, now: datetime) -> bool:
    """A car taken in trade leaves its owner's garage by the owner's word, or when the days to object are over."""
    return is_confirmed or now >= due_at
