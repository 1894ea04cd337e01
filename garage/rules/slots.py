"""Free times of a workshop, and until when a booking can be changed (G8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

# Works begin on the hour and the half hour of the opening.
STEP = timedelta(minutes=30)
DAYS_AHEAD = 60
# So many bookings that are still to come, of a car.
MOST_OF_A_CAR = 3
# Of an account, pages and calls together.
TRIES_AN_HOUR = 20


@dataclass(frozen=True, kw_only=True)
class Span:
    """[`start`, `end`), as moments."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


# Whoever works in which bay when: the bay's number, and what is taken of it.
Taken = Mapping[int, Sequence[Span]]


def length_of(minutes: Iterable[int]) -> timedelta:
    """The works are done one after the other."""
    return timedelta(minutes=sum(minutes))


def is_bookable(day: date, *, today: date) -> bool:
    """From tomorrow on, sixty days ahead: what cannot be cancelled any more is not booked either."""
    return today < day <= today + timedelta(days=DAYS_AHEAD)


def may_change(*, starts_on: date, today: date) -> bool:
    """G8: change and cancel until the day before."""
    return today < starts_on


def has_room(*, still_to_come: int) -> bool:
    return still_to_come < MOST_OF_A_CAR


def starts_of_day(
    day: date, openings: Iterable[tuple[time, time]], *, zone: tzinfo, length: timedelta
) -> list[datetime]:
    """Each half hour at which work of that length can begin and ends before closing, by the workshop's clock.

    Counted in real time: on the day on which the clock is put forward an opening is an hour shorter.
    """
    found = []
    for opens, closes in sorted(openings):
        start = _moment(day, opens, zone)
        while start + length <= _moment(day, closes, zone):
            found.append(start)
            start += STEP
    return found


def free_bay(span: Span, bays: Iterable[int], taken: Taken) -> int | None:
    """The first bay in which nothing of that time is taken."""
    return next((bay for bay in bays if not any(span.overlaps(other) for other in taken.get(bay, ()))), None)


def free_starts(
    day: date,
    openings: Iterable[tuple[time, time]],
    *,
    zone: tzinfo,
    length: timedelta,
    bays: Sequence[int],
    taken: Taken,
) -> list[datetime]:
    """The starts of a day for which some bay is free all the time."""
    starts = starts_of_day(day, openings, zone=zone, length=length)
    return [start for start in starts if free_bay(Span(start=start, end=start + length), bays, taken) is not None]


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
