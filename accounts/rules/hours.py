"""When a customer centre or a dealer is open, by the market's own clock (H5, A4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

DAYS_OF_WEEK = 7
# A centre that opens on none of them is not opening again as far as anybody should be told.
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Opening:
    """From `opens` until just before `closes`, on the weekdays `days` (0 is Monday)."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Timetable:
    openings: tuple[Opening, ...]
    holidays: frozenset[date]

    def spans(self, weekday: int) -> list[tuple[time, time]]:
        """The openings of an ordinary weekday, the earliest first."""
        return sorted((opening.opens, opening.closes) for opening in self.openings if weekday in opening.days)

    def spans_on(self, day: date) -> list[tuple[time, time]]:
        return [] if day in self.holidays else self.spans(day.weekday())


def read_timetable(contact: Mapping[str, Any]) -> Timetable:
    """The timetable of a market's contact data, `openings` and `holidays`.

    `{"openings": [{"days": [0, 1], "opens": "08:00", "closes": "17:00"}], "holidays": ["2026-12-25"]}`

    Raises ValueError for a weekday that there is not, a time or date that is none, or an opening that ends before it
    begins: one that goes past midnight is written as two.
    """
    openings = tuple(_opening(entry) for entry in contact.get("openings", []))
    return Timetable(
        openings=openings, holidays=frozenset(date.fromisoformat(day) for day in contact.get("holidays", []))
    )


def open_until(moment: datetime, timetable: Timetable) -> time | None:
    """When the centre that is open at `moment` (on the market's clock) closes; None while it is closed."""
    now = moment.time()
    return max((closes for opens, closes in timetable.spans_on(moment.date()) if opens <= now < closes), default=None)


def next_opening(moment: datetime, timetable: Timetable) -> datetime | None:
    """When it opens next after `moment`, in the same clock; None if it does not within 60 days."""
    for ahead in range(LOOK_AHEAD_DAYS):
        day = moment.date() + timedelta(days=ahead)
        for opens, _closes in timetable.spans_on(day):
            opening = datetime.combine(day, opens, tzinfo=moment.tzinfo)
            if opening > moment:
                return opening
    return None


def next_change(moment: datetime, timetable: Timetable) -> datetime:
    """Until when what is said of `moment` holds: it opens or closes, or the day is over, whichever comes first."""
    day = moment.date()
    ends = {end for span in timetable.spans_on(day) for end in span}
    later = [end for end in (datetime.combine(day, end, tzinfo=moment.tzinfo) for end in ends) if end > moment]
    return min([*later, datetime.combine(day + timedelta(days=1), time.min, tzinfo=moment.tzinfo)])


def holidays_ahead(today: date, timetable: Timetable) -> list[date]:
    """Those that are told beforehand: today's and the next sixty days'."""
    end = today + timedelta(days=LOOK_AHEAD_DAYS)
    return sorted(day for day in timetable.holidays if today <= day < end)


def _opening(entry: Mapping[str, Any]) -> Opening:
    days = frozenset(int(day) for day in entry["days"])
    opens, closes = time.fromisoformat(entry["opens"]), time.fromisoformat(entry["closes"])
    if not days <= frozenset(range(DAYS_OF_WEEK)):
        raise ValueError(f"weekdays are 0 (Monday) to 6, not {sorted(days)}")
    if closes <= opens:
        raise ValueError(f"an opening from {opens} cannot close at {closes}")
    return Opening(days=days, opens=opens, closes=closes)
