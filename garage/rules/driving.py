"""Months of driving: what they add up to, what they are compared with, and what raised and lowered them (T3)."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from garage.rules.scoring import Weighed, pull

# So many days are named that raised a month, and as many that lowered it.
NAMED_DAYS = 3


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What trips add up to."""

    trips: int = 0
    partial_trips: int = 0
    distance_m: int = 0
    duration_s: int = 0
    score: Weighed = field(default_factory=Weighed)
    acceleration: Weighed = field(default_factory=Weighed)
    braking: Weighed = field(default_factory=Weighed)
    constant_speed: Weighed = field(default_factory=Weighed)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            trips=self.trips + other.trips,
            partial_trips=self.partial_trips + other.partial_trips,
            distance_m=self.distance_m + other.distance_m,
            duration_s=self.duration_s + other.duration_s,
            score=self.score + other.score,
            acceleration=self.acceleration + other.acceleration,
            braking=self.braking + other.braking,
            constant_speed=self.constant_speed + other.constant_speed,
        )


def summed(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


@dataclass(frozen=True, order=True)
class Days:
    """From the first to the last day, both counted."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def within(self, other: "Days") -> "Days | None":
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """Of "2026-05"; ValueError for what is none."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def days(self) -> Days:
        return Days(self.first, date(self.year, self.number, calendar.monthrange(self.year, self.number)[1]))

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))


def compared_days(month: Month, known: Days) -> tuple[Days, Days] | None:
    """Days of the month, and those of the month before that they may be compared with; None where there are none.

    `known` is one's own time, to this day at the latest. A month that is not over, or not all one's own, is compared
    with the same days of the one before, and with them only if all of them are known.
    """
    shown, before = month.days.within(known), month.before.days
    if shown is None:
        return None
    if shown != month.days:
        before = Days(_day_in(month.before, shown.first.day), _day_in(month.before, shown.last.day))
    return (shown, before) if before.within(known) == before else None


def _day_in(month: Month, day: int) -> date:
    last = month.days.last
    return last.replace(day=min(day, last.day))


@dataclass(frozen=True)
class Pull:
    """By so many points the day raised the month, or lowered it where it is below nothing."""

    day: date
    points: Decimal


def pulls(days: Mapping[date, Sums]) -> tuple[list[Pull], list[Pull]]:
    """The days that raised the score of them all, and those that lowered it, each the strongest first."""
    whole = summed(days.values()).score
    of_days = [Pull(day, points) for day, sums in days.items() if (points := pull(sums.score, whole))]
    raised = sorted((one for one in of_days if one.points > 0), key=lambda one: (-one.points, one.day))
    lowered = sorted((one for one in of_days if one.points < 0), key=lambda one: (one.points, one.day))
    return raised[:NAMED_DAYS], lowered[:NAMED_DAYS]
