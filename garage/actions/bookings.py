"""Booking a car in at a dealer's workshop, changing and cancelling it (G8). Locks: accounts, vehicle, workshop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from accounts.models import Account
from garage.actions.locks import lock_car
from garage.models import Booking, Membership, OfferedWork, Vehicle, Workshop
from garage.notices.bookings import tell_booking
from garage.rules import slots
from garage.rules.bookings import State
from garage.rules.membership import Right
from garage.rules.slots import Span
from garage.workshops import bays_of, coming_bookings, is_free_start, open_workshops, taken_of
from portal import audit
from portal.refusals import Refusal

SLOT_TAKEN = _("This time is not free any more. Please choose another one.")
TOO_LATE = _("A booking can be changed and cancelled until the day before. Please call the dealer.")
WORK_GONE = _("The dealer does not offer this work any more. Please choose again.")
NOT_BOOKED = _("This booking does not stand any more.")


@transaction.atomic
def book_service(
    *,
    membership: Membership,
    workshop: Workshop,
    codes: Sequence[str],
    starts_at: datetime,
    words: str,
    now: datetime,
    by: Account,
) -> Booking:
    """G8: a bay for as long as the works take; mailed with a calendar file.

    Raises `Refusal`: no_access, workshop_closed, works_unknown, too_many_bookings, slot_taken.
    """
    vehicle = _locked_car(membership)
    shop = locked_workshop(workshop)
    if not slots.has_room(still_to_come=coming_bookings(vehicle, now=now).count()):
        raise Refusal("too_many_bookings", _("This car has three bookings already. Please change one of them."))
    works = _works(shop, codes)
    span = span_of(works, starts_at)
    _check_bookable(shop, span, now=now)
    booking = Booking(
        vehicle=vehicle,
        account=by,
        workshop=shop,
        period=_range(span),
        works=[_frozen(work) for work in works],
        words=words,
        booked_at=now,
        changed_at=now,
    )
    place(booking, shop, span)
    audit.record("service booked", account=by, by=by, now=now, subject=booking, starts_at=starts_at)
    tell_booking(booking, change="booked", now=now)
    return booking


@transaction.atomic
def change_booking(
    *, booking: Booking, codes: Sequence[str], starts_at: datetime, words: str, now: datetime, by: Account
) -> Booking:
    """Another time, other works or words at the same dealer, until the day before.

    Raises `Refusal`: booking_over, too_late, workshop_closed, works_unknown, slot_taken.
    """
    current = _locked_booking(booking, now=now, by=by)
    shop = locked_workshop(current.workshop)
    works = _works(shop, codes)
    span = span_of(works, starts_at)
    _check_bookable(shop, span, now=now)
    current.works, current.words = [_frozen(work) for work in works], words
    move_in_time(current, shop, span, now=now)
    audit.record("booking changed", account=by, by=by, now=now, subject=current, starts_at=starts_at)
    tell_booking(current, change="changed", now=now)
    return current


@transaction.atomic
def cancel_booking(*, booking: Booking, now: datetime, by: Account) -> Booking:
    """Until the day before, also where the dealer takes no more bookings. Raises `Refusal`: booking_over, too_late."""
    current = _locked_booking(booking, now=now, by=by)
    cancel(current, now=now, by=by)
    return current


def let_bookings_go(membership: Membership, *, now: datetime, by: Account | None) -> None:
    """Within the caller's locks: what was booked for a car that leaves the garage is cancelled with it."""
    for booking in leaving_bookings(membership, now=now).order_by("pk").select_for_update(of=["self"], no_key=True):
        cancel(booking, now=now, by=by)


def leaving_bookings(membership: Membership, *, now: datetime) -> QuerySet[Booking]:
    """What the account has booked for the car and has not begun."""
    return coming_bookings(membership.vehicle, now=now).filter(
        account=membership.account_id, period__startswith__gt=now
    )


def cancel(booking: Booking, *, now: datetime, by: Account | None) -> None:
    """Within the caller's locks."""
    booking.ended_at = booking.changed_at = now
    booking.revision += 1
    booking.move_to(State.CANCELLED, also=["ended_at", "revision", "changed_at"])
    audit.record("booking cancelled", account=booking.account, by=by, now=now, subject=booking)
    tell_booking(booking, change="cancelled", now=now)


def forget_words(account: Account, now: datetime) -> None:
    """With the closing of the account (A6): its bookings stay in the dealers' books, without what it wrote."""
    Booking.objects.filter(account=account).update(words="", changed_at=now)


def locked_workshop(workshop: Workshop) -> Workshop:
    """One booking at a time in a workshop: whoever finds a bay free gets it. Raises `Refusal` workshop_closed."""
    Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
    shop = open_workshops().filter(pk=workshop.pk).first()
    if shop is None:
        raise Refusal("workshop_closed", _("This dealer takes no bookings online at the moment. Please call."))
    return shop


def place(booking: Booking, workshop: Workshop, span: Span, *, preferred: int | None = None) -> None:
    """Within the workshop's lock: saves the booking in a bay that is free all the time; the database has the last word.

    Raises `Refusal` slot_taken.
    """
    besides = booking if booking.pk else None
    first, last = (moment.astimezone(workshop.dealer.zone).date() for moment in (span.start, span.end))
    bays = bays_of(workshop)
    if preferred in bays:
        bays = [preferred, *bays]
    bay = slots.free_bay(span, bays, taken_of(workshop, first, last, besides=besides))
    if bay is None:
        raise Refusal("slot_taken", SLOT_TAKEN)
    booking.bay_id, booking.period = bay, _range(span)
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:
        # The car itself is booked elsewhere at that time.
        raise Refusal("slot_taken", SLOT_TAKEN) from error


def move_in_time(booking: Booking, workshop: Workshop, span: Span, *, now: datetime) -> None:
    """Within the workshop's lock; stays in its bay where that is free. Raises `Refusal` slot_taken."""
    booking.revision += 1
    booking.changed_at = now
    place(booking, workshop, span, preferred=booking.bay_id)


def span_of(works: Sequence[OfferedWork], starts_at: datetime) -> Span:
    return Span(start=starts_at, end=starts_at + slots.length_of(work.minutes for work in works))


def _locked_car(membership: Membership) -> Vehicle:
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    current = Membership.objects.current().filter(pk=membership.pk).select_related("vehicle").first()
    if current is None or not current.may(Right.BOOKING):
        raise Refusal("no_access", _("This car is not in your garage any more, or access to it is not proved."))
    return current.vehicle


def _locked_booking(booking: Booking, *, now: datetime, by: Account) -> Booking:
    lock_car(vehicle_id=booking.vehicle_id, account_ids=[by.pk])
    Workshop.objects.select_for_update(no_key=True).get(pk=booking.workshop_id)
    related = ("account__market", "vehicle", "workshop__dealer__market", "workshop__dealer__town")
    current = Booking.objects.select_related(*related).get(pk=booking.pk)
    if current.account_id != by.pk or not current.is_booked:
        raise Refusal("booking_over", NOT_BOOKED)
    zone = current.workshop.dealer.zone
    if not slots.may_change(starts_on=current.starts_at.astimezone(zone).date(), today=now.astimezone(zone).date()):
        raise Refusal("too_late", TOO_LATE)
    return current


def _works(workshop: Workshop, codes: Sequence[str]) -> list[OfferedWork]:
    works = [work for work in workshop.works.all() if work.code in codes]
    if not works or len(works) != len(set(codes)):
        raise Refusal("works_unknown", WORK_GONE)
    return works


def _check_bookable(workshop: Workshop, span: Span, *, now: datetime) -> None:
    zone = workshop.dealer.zone
    day, today = span.start.astimezone(zone).date(), now.astimezone(zone).date()
    if not slots.is_bookable(day, today=today) or not is_free_start(workshop, span.start, length=span.end - span.start):
        raise Refusal("slot_taken", SLOT_TAKEN)


def _range(span: Span) -> TimestamptzRange:
    return TimestamptzRange(span.start, span.end)


def _frozen(work: OfferedWork) -> dict[str, Any]:
    """As offered today: it stands so in the booking, whatever the dealer offers tomorrow."""
    return {"code": work.code, "names": work.names, "minutes": work.minutes, "items": work.items}
