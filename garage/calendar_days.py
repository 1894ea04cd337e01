"""The dates of a car for its account's calendar: what is due, the end of the warranty, bookings (G8)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import Day
from accounts.models import Account
from garage.access import listed_memberships
from garage.maintenance import dues_of, histories_of, plan_of, read_plans, warranty_of
from garage.models import MaintenancePlan, Membership
from garage.rules.bookings import State
from garage.rules.maintenance import Done
from garage.rules.membership import Right
from garage.workshops import bookings_of
from portal.templatetags.frame import clock


def maintenance_days(account: Account, now: datetime) -> Iterator[Day]:
    """What is due of each car, and the last day of its warranty; by date only, since a calendar knows no kilometres."""
    links = [link for link in listed_memberships(account) if link.may(Right.DUE_DATES)]
    if not links:
        return
    plans, today = read_plans(), account.market.local_date(now)
    histories = histories_of(link.vehicle for link in links)
    for link in links:
        yield from _events(link, plan_of(link.vehicle, plans), histories[link.vehicle_id], today=today)


def _events(link: Membership, plan: MaintenancePlan | None, history: list[Done], *, today: date) -> Iterator[Day]:
    path = reverse("service", args=[link.public_id])
    for work in dues_of(link.vehicle, plan, history, today=today):
        if work.due.on:
            title = _("Service due: %(work)s (%(car)s)") % {"work": work.item.name, "car": link.label}
            text = _("By date; the distance may come first. If it was done already, add it to the service history.")
            yield Day(f"service-{work.item.code}-{link.public_id.hex}", work.due.on, title, text, path)
    guarantee = warranty_of(link.vehicle, plan, today=today)
    if guarantee:
        title = _("Last day of the warranty (%(car)s)") % {"car": link.label}
        text = _("By date; the distance may come first.")
        last_day = guarantee.ends_on - timedelta(days=1)
        yield Day(f"warranty-{link.public_id.hex}", last_day, title, text, path)


def booking_days(account: Account, now: datetime) -> Iterator[Day]:
    """Of whole days, as the calendar has them; the hour stands in the title."""
    for booking in bookings_of(account).filter(state=State.BOOKED, period__startswith__gte=now - timedelta(days=1)):
        starts = timezone.localtime(booking.starts_at, booking.workshop.dealer.zone)
        title = _("%(time)s service at %(dealer)s") % {
            "time": clock(starts.time()),
            "dealer": booking.workshop.dealer.name,
        }
        text = ", ".join(booking.work_names())
        path = reverse("booking", args=[booking.public_id])
        yield Day(f"booking-{booking.public_id.hex}", starts.date(), title, text, path)
