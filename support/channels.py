"""A market's channels to its customer centre, as the contact page says them (H5): its data, in the reader's words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.rules.hours import DAYS_OF_WEEK, Timetable, holidays_ahead, next_opening, open_until, read_timetable
from portal.models import Market
from portal.templatetags.frame import babel_locale, clock
from portal.texts import localized

LANGUAGE_NAMES = {"en": "English", "el": "Ελληνικά"}


@dataclass(frozen=True, kw_only=True)
class Weekday:
    name: str | Promise
    hours: str
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Channels:
    telephone: str
    # The number as a telephone dials it.
    dialled: str
    email: str
    address: str
    languages: list[str]
    is_open: bool
    # Whether it is open now, and until or from when; empty where no hours are known.
    open_sentence: str
    # The hours as a sentence, where the market gives no openings to reckon with.
    hours: str
    week: list[Weekday]
    holidays: list[date]


def channels_of(market: Market, *, now: datetime) -> Channels:
    """What `Market.contact` says, at this moment of the market's clock. A channel that is not in it is left out."""
    contact = market.contact
    timetable = read_timetable(contact)
    here = now.astimezone(market.zone)
    telephone = contact.get("telephone", "")
    return Channels(
        telephone=telephone,
        dialled="".join(sign for sign in telephone if sign.isdigit() or sign == "+"),
        email=contact.get("email", ""),
        address=localized(contact.get("address", {})),
        languages=[LANGUAGE_NAMES.get(code, code) for code in contact.get("languages", [])],
        is_open=open_until(here, timetable) is not None,
        open_sentence=_open_sentence(here, timetable),
        hours="" if timetable.openings else localized(contact.get("hours", {})),
        week=_week(here.date(), timetable) if timetable.openings else [],
        holidays=holidays_ahead(here.date(), timetable),
    )


def _open_sentence(here: datetime, timetable: Timetable) -> str:
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


def _week(today: date, timetable: Timetable) -> list[Weekday]:
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
