"""A market's channels to its customer centre, as the contact page says them (H5): its data, in the reader's words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from accounts.opening_hours import Weekday, open_sentence, week
from accounts.rules.hours import holidays_ahead, next_change, open_until, read_timetable
from portal.models import Market
from portal.public_pages import MAX_AGE
from portal.templatetags.frame import dialled
from portal.texts import localized

LANGUAGE_NAMES = {"en": "English", "el": "Ελληνικά"}


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
        dialled=dialled(telephone),
        email=contact.get("email", ""),
        address=localized(contact.get("address", {})),
        languages=[LANGUAGE_NAMES.get(code, code) for code in contact.get("languages", [])],
        is_open=open_until(here, timetable) is not None,
        open_sentence=open_sentence(here, timetable),
        hours="" if timetable.openings else localized(contact.get("hours", {})),
        week=week(here.date(), timetable),
        holidays=holidays_ahead(here.date(), timetable),
    )


def keep_while_right(response: HttpResponse, market: Market, *, now: datetime) -> HttpResponse:
    """For a public page that says "open now": proxies and browsers keep it no longer than that is so."""
    until = next_change(now.astimezone(market.zone), read_timetable(market.contact))
    # Across the change of the clocks a difference within one zone would be an hour off.
    seconds = int((until.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
    patch_cache_control(response, public=True, max_age=max(0, min(MAX_AGE, seconds)))
    return response
