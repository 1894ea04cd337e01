"""Opening hours in the reader's words: whether it is open now, and the week (A4, H5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.rules.hours import DAYS_OF_WEEK, Timetable, next_opening, open_until
from portal.templatetags.frame import babel_locale, clock


@dataclass(frozen=True, kw_only=True)
class Weekday:
    name: str | Promise
    hours: str
    is_today: bool


def open_sentence(here: datetime, timetable: Timetable) -> str:
    """Whether it is open at this moment of its own clock, and until or from when; empty where no hours are known."""
    closes = open_until(here, timetable)
    if closes:
        return _("Open now, until %(time)s") % {"time": clock(closes)}
    opens = next_opening(here, timetable)
    if opens is None:
        return _("Closed now") if timetable.openings else ""
    values = {"time": clock(opens.time()), "day": format_date(opens, "EEEE d MMMM", locale=babel_locale())}
    match opens.date() - here.date():
        case timedelta(days=0):
            return _("Closed now, opens today at %(time)s") % values
        case timedelta(days=1):
            return _("Closed now, opens tomorrow at %(time)s") % values
    return _("Closed now, opens on %(day)s at %(time)s") % values


def week(today: date, timetable: Timetable) -> list[Weekday]:
    """Monday to Sunday; empty where no hours are known."""
    if not timetable.openings:
        return []
    return [
        Weekday(name=WEEKDAYS[day], hours=_hours(day, today, timetable), is_today=day == today.weekday())
        for day in range(DAYS_OF_WEEK)
    ]


def _hours(weekday: int, today: date, timetable: Timetable) -> str:
    if weekday == today.weekday() and today in timetable.holidays:
        return _("Closed, it is a holiday")
    spans = [
        _("%(opens)s to %(closes)s") % {"opens": clock(opens), "closes": clock(closes)}
        for opens, closes in timetable.spans(weekday)
    ]
    return ", ".join(spans) or _("Closed")
