"""What a report of a trip must say, which trips are kept, and for how long (T1, D2, D4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.rules.notices import kept_from
from garage.rules import vin as vin_rules
from garage.rules.scoring import EXACT, LEAST, MOST, trip_score

# T1: below both of them a trip is not saved.
SHORT_M, SHORT_S = 50, 10
# What no trip of a car exceeds: a report that does is wrong.
LONGEST_M, LONGEST = 3_000_000, timedelta(hours=48)
# No id, VIN or moment has more characters.
LONGEST_TEXT = 40
# No car of today reported a trip before.
EARLIEST_YEAR = 2000
# Clocks of cars differ a little from ours.
AHEAD = timedelta(minutes=5)
# A drive may be rounded up to the next second.
ROUNDING_S = 1
# For so many months a trip is kept.
KEPT_MONTHS = 36
# The service of the catalogue that keeps trips.
SERVICE = "driving-analytics"


class Privacy(StrEnum):
    """Privacy Mode during the trip (D2)."""

    OFF = "off"
    PART = "part"
    # Whether it was on from the beginning or not.
    AT_END = "at_end"


class Problem(StrEnum):
    """What is wrong with a field of a report."""

    NOT_AN_OBJECT = "not_an_object"
    MISSING = "missing"
    NOT_AN_ID = "not_an_id"
    NOT_A_VIN = "not_a_vin"
    NOT_A_MOMENT = "not_a_moment"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_CHOICE = "unknown_choice"
    ENDS_BEFORE_START = "ends_before_start"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG = "too_long"
    LONGER_THAN_IT_TOOK = "longer_than_it_took"


class LeftOut(StrEnum):
    """Why a right report is not kept as a trip."""

    TOO_OLD = "too_old"
    # No account had control of the car when the trip began: nobody could ever see it (D4).
    NOBODY = "nobody_in_control"
    NO_CONSENT = "no_consent"
    NOT_ACTIVATED = "not_activated"
    TOO_SHORT = "too_short"
    PRIVACY_MODE = "privacy_mode"


@dataclass(frozen=True)
class Fault:
    field: str
    problem: Problem


class Unreadable(Exception):
    """A report that cannot be taken, and all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A trip as the vehicle backend reports it."""

    id: UUID
    vin: str
    started_at: datetime
    ended_at: datetime
    distance_m: int
    duration_s: int
    acceleration: Decimal
    braking: Decimal
    constant_speed: Decimal | None
    score: Decimal | None
    privacy_mode: Privacy

    @property
    def is_short(self) -> bool:
        """T1: short by distance and by time."""
        return self.distance_m < SHORT_M and self.duration_s < SHORT_S

    @property
    def shown_score(self) -> Decimal:
        """T2: what was sent; ours stands in where nothing was."""
        return trip_score(self.acceleration, self.braking, self.constant_speed) if self.score is None else self.score


@dataclass(frozen=True, slots=True)
class Span:
    """[`start`, `end`): a control, or the time in which a service ran."""

    start: datetime
    end: datetime | None = None

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


def why_left_out(
    report: Report, *, on: date, kept_from: date, consent_since: datetime | None, service: list[Span]
) -> LeftOut | None:
    """None: it is kept. Of a trip that began in the control of an account, on the day `on` of its market.

    What is not allowed to be known comes before what is known of it. A consent counts if it holds now and held when
    the trip began: nothing is kept that was driven without it, and nothing more once it is withdrawn (D1).
    """
    if on < kept_from:
        return LeftOut.TOO_OLD
    if consent_since is None or report.started_at < consent_since:
        return LeftOut.NO_CONSENT
    if not any(report.started_at in span for span in service):
        return LeftOut.NOT_ACTIVATED
    if report.is_short:
        return LeftOut.TOO_SHORT
    return LeftOut.PRIVACY_MODE if report.privacy_mode == Privacy.AT_END else None


def goes_on(day: date, *, months: int) -> date:
    """The night on whose date trips of this day are deleted: the first one that keeps them no more."""
    night = kept_from(today=day, months=-months)
    while kept_from(today=night, months=months) <= day:
        night += timedelta(days=1)
    return night


def read(said: Any, *, now: datetime) -> Report:
    """The report that the sender means. Raises `Unreadable`."""
    if not isinstance(said, Mapping):
        raise Unreadable([Fault("", Problem.NOT_AN_OBJECT)])
    values: dict[str, Any] = {}
    faults = []
    for name, reader in READERS.items():
        try:
            values[name] = reader(said.get(name))
        except _Wrong as wrong:
            faults.append(Fault(name, wrong.problem))
    if faults:
        raise Unreadable(faults)
    report = Report(**values)
    if wrong_together := list(_wrong_together(report, now=now)):
        raise Unreadable(wrong_together)
    return report


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _wrong_together(report: Report, *, now: datetime) -> list[Fault]:
    took = report.ended_at - report.started_at
    if took < timedelta(0):
        return [Fault("ended_at", Problem.ENDS_BEFORE_START)]
    if report.ended_at > now + AHEAD:
        return [Fault("ended_at", Problem.IN_THE_FUTURE)]
    if took > LONGEST:
        return [Fault("ended_at", Problem.TOO_LONG)]
    if report.duration_s > took.total_seconds() + ROUNDING_S:
        return [Fault("duration_s", Problem.LONGER_THAN_IT_TOOK)]
    return []


def _id(said: Any) -> UUID:
    try:
        return UUID(_text(said, Problem.NOT_AN_ID))
    except ValueError as error:
        raise _Wrong(Problem.NOT_AN_ID) from error


def _vin(said: Any) -> str:
    vin = _text(said, Problem.NOT_A_VIN)
    if vin_rules.faults(vin):
        raise _Wrong(Problem.NOT_A_VIN)
    return vin


def _moment(said: Any) -> datetime:
    text = _text(said, Problem.NOT_A_MOMENT)
    try:
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() is None:
            raise _Wrong(Problem.NOT_A_MOMENT)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Wrong(Problem.NOT_A_MOMENT) from error
    if moment.year < EARLIEST_YEAR:
        raise _Wrong(Problem.OUT_OF_RANGE)
    return moment


def _text(said: Any, otherwise: Problem) -> str:
    if said is None or said == "":
        raise _Wrong(Problem.MISSING)
    if not isinstance(said, str) or len(said) > LONGEST_TEXT:
        raise _Wrong(otherwise)
    return said


def _whole(most: int) -> Callable[[Any], int]:
    def reader(said: Any) -> int:
        if said is None:
            raise _Wrong(Problem.MISSING)
        if isinstance(said, bool) or not isinstance(said, int):
            raise _Wrong(Problem.NOT_A_NUMBER)
        if not 0 <= said <= most:
            raise _Wrong(Problem.OUT_OF_RANGE)
        return said

    return reader


def _score(said: Any) -> Decimal:
    """From 0 to 100, to a hundredth at most."""
    if said is None:
        raise _Wrong(Problem.MISSING)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise _Wrong(Problem.NOT_A_NUMBER)
    score = Decimal(repr(said))
    if not score.is_finite() or not LEAST <= score <= MOST or score != score.quantize(EXACT):
        raise _Wrong(Problem.OUT_OF_RANGE)
    return score


def _score_or_none(said: Any) -> Decimal | None:
    return None if said is None else _score(said)


def _privacy(said: Any) -> Privacy:
    if said is None:
        raise _Wrong(Problem.MISSING)
    try:
        return Privacy(said)
    except ValueError as error:
        raise _Wrong(Problem.UNKNOWN_CHOICE) from error


READERS: dict[str, Callable[[Any], Any]] = {
    "id": _id,
    "vin": _vin,
    "started_at": _moment,
    "ended_at": _moment,
    "distance_m": _whole(LONGEST_M),
    "duration_s": _whole(int(LONGEST.total_seconds())),
    "acceleration": _score,
    "braking": _score,
    "constant_speed": _score_or_none,
    "score": _score_or_none,
    "privacy_mode": _privacy,
}
