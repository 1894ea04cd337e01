"""Proof of physical access by the odometer: when a reading matches (V1), and when the tries are used up (V2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KM_PER_HOUR = 2
MOST_GROWTH_KM = 500
OLDEST_READING = timedelta(days=30)
# Clocks may disagree by so much; a reading further ahead would stay fresh for ever.
MOST_AHEAD = timedelta(days=1)
MOST_WRONG_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class OdometerReading:
    """What the car last told the registry: whole kilometres, and when."""

    km: int
    taken_at: datetime


class Verdict(StrEnum):
    MATCHES = "matches"
    DIFFERS = "differs"
    # Never heard, or too long ago: only a pairing code or the dealer proves access. Uses up no try.
    NO_FRESH_READING = "no_fresh_reading"


def judge_reading(*, stated_km: int, known: OdometerReading | None, tolerance_km: int, now: datetime) -> Verdict:
    """V1: not below known - tolerance, not above known + tolerance + what the car may have driven since.

    The growth is 2 km for each full hour since the reading, at most 500 km; the tolerance comes on top of it, because
    it stands for another thing (rounding and display) than the driving does. A reading of exactly 30 days still counts,
    and so does one dated a day ahead.
    """
    if known is None or now - known.taken_at > OLDEST_READING or is_ahead(known.taken_at, now=now):
        return Verdict.NO_FRESH_READING
    lowest = known.km - tolerance_km
    highest = known.km + tolerance_km + growth_km(now - known.taken_at)
    return Verdict.MATCHES if lowest <= stated_km <= highest else Verdict.DIFFERS


def is_ahead(taken_at: datetime, *, now: datetime) -> bool:
    """Whether a reading is dated further ahead than clocks may disagree: it proves nothing, and is not taken in."""
    return taken_at > now + MOST_AHEAD


def supersedes(new: OdometerReading, *, known: OdometerReading | None, is_typed: bool = False) -> bool:
    """V1: whether a reading becomes the last known one. That never goes back in time; and what somebody typed is taken
    for a slip of the finger where it is lower, which a car's own, after a new instrument, is not."""
    if known is None:
        return True
    return new.taken_at > known.taken_at and (not is_typed or new.km >= known.km)


def growth_km(since: timedelta) -> int:
    """What a car may have driven since its reading; nothing if clocks disagree and the reading is of the future."""
    full_hours = max(since, timedelta(0)) // timedelta(hours=1)
    return min(full_hours * KM_PER_HOUR, MOST_GROWTH_KM)


def is_proof_current(*, proved_at: datetime | None, control_began_at: datetime | None) -> bool:
    """V4: whether an account has proved access since somebody has had control, as it is now; False if nobody has.

    What was proved under an earlier control, or in one's own, says nothing of access today.
    """
    return proved_at is not None and control_began_at is not None and proved_at >= control_began_at


def tries_left(wrong_tries: int) -> int:
    """V2: how many wrong readings an account may still give for a car; at none it is blocked until V3."""
    return max(MOST_WRONG_TRIES - wrong_tries, 0)


def may_be_tried(*, wrong_on_car: int, most: int) -> bool:
    """V2: whether a car still takes readings, after so many wrong ones by all accounts within the market's days.

    Once it does not, nothing is judged and nobody loses a try; a pairing code and the dealer prove access as before.
    """
    return wrong_on_car < most
