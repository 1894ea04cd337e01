"""Reminds of maintenance that comes to its date, and of tomorrow's bookings: once for each (G8, N2)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Notice
from accounts.notices.kinds import tell
from garage.maintenance import dues_of, histories_of, plan_of, read_plans
from garage.models import Booking, MaintenanceItem, MaintenancePlan, Membership
from garage.notices.bookings import tell_booking
from garage.notices.sharing import path_for
from garage.rules.bookings import State
from garage.rules.maintenance import Done, is_to_remind
from portal.batches import all_or_each
from portal.texts import localized

AT_A_TIME = 500
TWO_DAYS = timedelta(days=2)
KIND = "service_due"
Reminder = tuple[Membership, date, list[MaintenanceItem]]


def remind_of_maintenance(*, now: datetime) -> None:
    """All cars that somebody controls, some hundreds at a time: one that fails stops no other."""
    plans = read_plans()
    for links in active_links():
        all_or_each(partial(_remind, plans=plans, now=now), links)


def active_memberships() -> QuerySet[Membership]:
    """The links that have control of their car, in the order of their keys."""
    active = Membership.objects.current().filter(is_active=True)
    return active.select_related("account__market", "vehicle").order_by("pk")


def active_links() -> Iterator[list[Membership]]:
    after = 0
    while links := list(active_memberships().filter(pk__gt=after)[:AT_A_TIME]):
        yield links
        after = links[-1].pk


def remind_of_bookings(*, now: datetime) -> None:
    """Whoever booked, on the day before: the last one on which it can still be changed."""
    soon = _booked().filter(period__startswith__gt=now, period__startswith__lt=now + TWO_DAYS)
    all_or_each(partial(_remind_of_bookings, now=now), list(soon.values_list("pk", flat=True)))


@transaction.atomic
def _remind_of_bookings(booking_ids: Sequence[int], *, now: datetime) -> None:
    """Locked: what is cancelled meanwhile is not reminded of."""
    related = ("account__market", "vehicle", "workshop__dealer__market", "workshop__dealer__town")
    rows = _booked().filter(pk__in=booking_ids).select_related(*related).order_by("pk")
    for booking in rows.select_for_update(of=("self",), no_key=True):
        zone = booking.workshop.dealer.zone
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        if booking.starts_at.astimezone(zone).date() == tomorrow:
            tell_booking(booking, change="reminded", now=now)


def _booked() -> QuerySet[Booking]:
    return Booking.objects.filter(state=State.BOOKED)


@transaction.atomic
def _remind(links: Sequence[Membership], *, plans: list[MaintenancePlan], now: datetime) -> None:
    histories = histories_of(link.vehicle for link in links)
    coming = [each for link in links for each in _coming(link, plans, histories[link.vehicle_id], now=now)]
    told = told_before(KIND, [link for link, _on, _items in coming])
    for link, on, items in coming:
        if (link.account_id, _key(link), on) not in told:
            _tell(link, on, items, now=now)


def _coming(link: Membership, plans: list[MaintenancePlan], history: list[Done], *, now: datetime) -> list[Reminder]:
    """What falls due on the same day is told together."""
    today, by_day = link.account.market.local_date(now), defaultdict(list)
    for work in dues_of(link.vehicle, plan_of(link.vehicle, plans), history, today=today):
        if work.due.on and is_to_remind(due_on=work.due.on, today=today):
            by_day[work.due.on].append(work.item)
    return [(link, on, items) for on, items in by_day.items()]


def told_before(kind: str, links: Iterable[Membership]) -> set[tuple[int, str, date]]:
    return told_of(kind, [link.account_id for link in links])


def told_of(kind: str, account_ids: Iterable[int]) -> set[tuple[int, str, date]]:
    """One query for a batch: the day's sweep finds most of them told."""
    notices = Notice.objects.filter(kind=kind, account__in=list(account_ids))
    return set(notices.values_list("account_id", "subject_key", "event_on"))


def _tell(link: Membership, on: date, items: list[MaintenanceItem], *, now: datetime) -> None:
    account = link.account
    tell(
        account=account,
        kind=KIND,
        subject_key=_key(link),
        event_on=on,
        now=now,
        vehicle_label=link.label,
        works=[localized(item.names, account.language) for item in items],
        due_on=on,
        url=path_for(account, "service", link.public_id),
    )


def _key(link: Membership) -> str:
    return f"service-{link.vehicle.public_id}"
