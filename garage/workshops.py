"""Workshops as whoever books sees them: who takes bookings, what they offer, when they are free (G8)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Prefetch, QuerySet
from psycopg.types.range import TimestamptzRange

from accounts.models import Account
from garage.models import Bay, Booking, OfferedWork, Vehicle, Workshop
from garage.rules import slots
from garage.rules.bookings import HOLDING, State
from garage.rules.slots import Span

# As many days as the page offers at once.
DAYS_SHOWN = 7


@dataclass(frozen=True, kw_only=True)
class FreeDay:
    on: date
    starts: list[datetime]


def workshops_of(account: Account) -> list[Workshop]:
    """Those of the account's market that take bookings; its preferred dealer's first, then by town."""
    found = open_workshops().filter(dealer__market=account.market_id)
    preferred = account.preferred_dealer_id
    return sorted(found, key=lambda shop: (shop.dealer_id != preferred, shop.dealer.town.name, shop.dealer.name))


def open_workshops() -> QuerySet[Workshop]:
    """Those that take bookings online."""
    return workshops_as_offered().filter(takes_bookings=True, dealer__is_active=True)


def workshops_as_offered() -> QuerySet[Workshop]:
    """With their hours, bays and works in force, whether they take more bookings or not."""
    return Workshop.objects.select_related("dealer__market", "dealer__town").prefetch_related(
        "openings",
        "closed_days",
        Prefetch("bays", Bay.objects.filter(is_active=True).order_by("pk")),
        Prefetch("works", OfferedWork.objects.filter(is_active=True).order_by("position", "pk")),
    )


def free_days(
    workshop: Workshop,
    *,
    length: timedelta,
    first: date,
    now: datetime,
    besides: Booking | None = None,
    most: int = DAYS_SHOWN,
) -> list[FreeDay]:
    """The next days from `first` on that can be booked and on which it is open, with their free starts; one query.

    `besides` is the booking that is being changed: its own time counts as free.
    """
    today = now.astimezone(workshop.dealer.zone).date()
    days = list(_open_days(workshop, first=first, today=today, most=most))
    if not days:
        return []
    taken = taken_of(workshop, days[0], days[-1], besides=besides)
    return [FreeDay(on=day, starts=_free(workshop, day, length=length, taken=taken)) for day in days]


def is_free_start(workshop: Workshop, start: datetime, *, length: timedelta) -> bool:
    """Whether work of that length may begin then at all, whoever else is there."""
    zone = workshop.dealer.zone
    day = start.astimezone(zone).date()
    return start in slots.starts_of_day(day, workshop.spans_on(day), zone=zone, length=length)


def taken_of(workshop: Workshop, first: date, last: date, *, besides: Booking | None = None) -> dict[int, list[Span]]:
    """What holds each bay in these days, by whichever clock: a day more on both sides."""
    around = TimestamptzRange(_midnight(first - timedelta(days=1)), _midnight(last + timedelta(days=2)))
    holding = Booking.objects.filter(workshop=workshop, state__in=sorted(HOLDING), period__overlap=around)
    taken: dict[int, list[Span]] = defaultdict(list)
    for booking in holding.exclude(pk__in=[besides.pk] if besides else []):
        taken[booking.bay_id].append(Span(start=booking.starts_at, end=booking.ends_at))
    return taken


def bays_of(workshop: Workshop) -> list[int]:
    return [bay.pk for bay in workshop.bays.all() if bay.is_active]


def coming_bookings(vehicle: Vehicle, *, now: datetime) -> QuerySet[Booking]:
    """Booked and not over yet; the next one first."""
    booked = Booking.objects.filter(vehicle=vehicle, state=State.BOOKED, period__endswith__gt=now)
    return booked.select_related("workshop__dealer__market", "workshop__dealer__town").order_by("period", "pk")


def bookings_of(account: Account) -> QuerySet[Booking]:
    return Booking.objects.filter(account=account).select_related(
        "workshop__dealer__market", "workshop__dealer__town", "vehicle"
    )


def may_be_changed(booking: Booking, *, now: datetime) -> bool:
    """By who booked, as the dealer's clock says (G8)."""
    zone = booking.workshop.dealer.zone
    today, starts_on = now.astimezone(zone).date(), booking.starts_at.astimezone(zone).date()
    return booking.is_booked and slots.may_change(starts_on=starts_on, today=today)


def _open_days(workshop: Workshop, *, first: date, today: date, most: int) -> Iterator[date]:
    day, found = max(first, today + timedelta(days=1)), 0
    while found < most and slots.is_bookable(day, today=today):
        if workshop.spans_on(day):
            found += 1
            yield day
        day += timedelta(days=1)


def _free(workshop: Workshop, day: date, *, length: timedelta, taken: dict[int, list[Span]]) -> list[datetime]:
    return slots.free_starts(
        day,
        workshop.spans_on(day),
        zone=workshop.dealer.zone,
        length=length,
        bays=bays_of(workshop),
        taken=taken,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
