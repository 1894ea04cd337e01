"""The account's dates for a calendar program: its private address, and what stands in the feed.

Apps above say which dates there are through `register_events`, called from `AppConfig.ready()`; imports go down only.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.mail import in_words_of
from accounts.models import Account, CalendarFeed
from portal.links import absolute

_SALT = "accounts.calendar"
REFRESH = timedelta(hours=12)


@dataclass(frozen=True)
class Day:
    """Something of one whole day by the market's calendar; `key` is the same however often it is asked for.

    Neither plate nor VIN belongs in the words: a calendar is often shared.
    """

    key: str
    on: date
    title: str
    text: str
    path: str


Events = Callable[[Account, datetime], Iterable[Day]]
EVENTS: list[Events] = []


def register_events(events: Events) -> None:
    """Called with the account and the moment, in the account’s language; what is past is left out afterwards."""
    EVENTS.append(events)


# The address


def token_of(key: UUID) -> str:
    """What the address ends in: nobody can make it without the site's secret."""
    return urlsafe_b64encode(salted_hmac(_SALT, key.hex, algorithm="sha256").digest()).decode().rstrip("=")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(feed: CalendarFeed) -> str:
    """Empty if the site's secret has changed since: the old address still works, but nobody can say it any more."""
    token = token_of(feed.key)
    return absolute(reverse("calendar_feed", args=[token])) if hash_of(token) == feed.token_hash else ""


def feed_of(token: str) -> CalendarFeed | None:
    """None for an address that was never given, was renewed or ended, or whose account is closed."""
    feeds = CalendarFeed.objects.select_related("account__market__brand")
    return feeds.filter(token_hash=hash_of(token), account__is_active=True).first()


# What stands in it


def days_of(account: Account, *, now: datetime) -> list[Day]:
    """From today on, in the account's language."""
    today = account.market.local_date(now)
    with in_words_of(account):
        found = [day for events in EVENTS for day in events(account, now) if day.on >= today]
    return sorted(found, key=lambda day: (day.on, day.key))


def rendered(feed: CalendarFeed, *, now: datetime) -> bytes:
    """The feed as iCalendar (RFC 5545). The same bytes as long as nothing has changed."""
    account = feed.account
    made = Calendar()
    made.add("prodid", f"-//{account.market.brand.portal_name}//calendar//EN")
    made.add("version", "2.0")
    with in_words_of(account):
        made.add("x-wr-calname", _("%(brand)s: my dates") % {"brand": account.market.brand.portal_name})
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for day in days_of(account, now=now):
        made.add_component(_component(day, feed))
    return made.to_ical()


def _component(day: Day, feed: CalendarFeed) -> Event:
    event = Event()
    event.add("uid", f"{day.key}@{urlsplit(settings.SITE_URL).hostname}")
    # Of the feed, not of this answer: an answer that says the same is the same.
    event.add("dtstamp", feed.created_at)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", day.title)
    event.add("description", f"{day.text}\n{absolute(day.path)}".strip())
    event.add("transp", "TRANSPARENT")
    return event
