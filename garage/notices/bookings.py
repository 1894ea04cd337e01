"""What is told of a booking, each with a calendar file that a program takes over (G8)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.mail import in_words_of
from accounts.models import Notice
from accounts.notices.kinds import Attachments, tell
from garage.models import Booking
from garage.naming import car_name
from garage.notices.sharing import path_for
from portal.links import absolute

KIND = "service_booking"
ENDED = frozenset({"cancelled", "refused"})
FILE_NAME = "booking.ics"
MEDIA_TYPE = "text/calendar"


def tell_booking(booking: Booking, *, change: str, now: datetime) -> None:
    """Whoever booked, once for each change: booked, changed, cancelled, moved, refused, reminded, done."""
    account = booking.account
    tell(
        account=account,
        kind=KIND,
        subject_key=f"booking-{booking.public_id}:{booking.revision}:{change}",
        event_on=account.market.local_date(booking.starts_at),
        now=now,
        url=path_for(account, "booking", booking.public_id),
        vehicle_label=car_name(booking.vehicle, account),
        **facts_of(booking, change=change),
    )


def facts_of(booking: Booking, *, change: str) -> dict[str, Any]:
    dealer, language = booking.workshop.dealer, booking.account.language
    address = dealer.addresses.get(language) or next(iter(dealer.addresses.values()), "")
    return {
        "change": change,
        "booking": str(booking.public_id),
        "revision": booking.revision,
        "dealer_name": dealer.name,
        "dealer_address": f"{address}, {dealer.postcode} {dealer.town.name}",
        "dealer_telephone": dealer.telephone,
        "works": booking.work_names(language),
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "dealer_reason": booking.reason,
    }


def calendar_of_notice(notice: Notice) -> Attachments:
    """As it was when it was told: a mail that comes late does not overwrite a later one."""
    if notice.facts["change"] == "done":
        return []
    with in_words_of(notice.account):
        content = calendar_file(notice.facts, made_at=notice.created_at)
    return [(FILE_NAME, content, MEDIA_TYPE)]


def calendar_of(booking: Booking, *, change: str = "booked") -> bytes:
    facts = facts_of(booking, change=change)
    return calendar_file(
        facts | {"url": path_for(booking.account, "booking", booking.public_id)}, made_at=booking.booked_at
    )


def calendar_file(facts: dict[str, Any], *, made_at: datetime) -> bytes:
    """RFC 5545: the same UID for ever, a higher SEQUENCE with each change; neither plate nor VIN is in it."""
    is_over = facts["change"] in ENDED
    made = Calendar()
    made.add("prodid", "-//portal//booking//EN")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if is_over else "PUBLISH")
    event = Event()
    event.add("uid", f"booking-{facts['booking']}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", facts["revision"])
    event.add("dtstamp", made_at)
    event.add("dtstart", datetime.fromisoformat(facts["starts_at"]))
    event.add("dtend", datetime.fromisoformat(facts["ends_at"]))
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    event.add("summary", _("Service at %(dealer)s") % {"dealer": facts["dealer_name"]})
    event.add("location", facts["dealer_address"])
    event.add("description", "\n".join([*facts["works"], facts["dealer_telephone"], absolute(facts["url"])]))
    made.add_component(event)
    return made.to_ical()
