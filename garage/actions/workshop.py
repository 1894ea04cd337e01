"""The dealer's side of a booking: move, refuse with a reason, arrived, done (G8, K1). Locks as in `bookings`.

`by` is a member of the dealer's staff; None: the dealer's own system, which the record names.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.bookings import NOT_BOOKED, SLOT_TAKEN, move_in_time
from garage.actions.dealer_records import keep_record
from garage.actions.locks import lock_car
from garage.maintenance import open_recalls
from garage.models import Booking, Recall, ServiceRecord, Workshop
from garage.notices.bookings import tell_booking
from garage.rules import bookings as rules
from garage.rules.bookings import State
from garage.rules.slots import Span
from garage.workshops import is_free_start, workshops_as_offered
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def move_booking(*, booking: Booking, starts_at: datetime, now: datetime, by: Account | None) -> Booking:
    """Another time at the same workshop, as long as it is only booked; whoever booked is told.

    Raises `Refusal`: booking_over, slot_taken.
    """
    current = _locked(booking)
    _check_may_become(current, State.ARRIVED)
    shop = workshops_as_offered().get(pk=current.workshop_id)
    span = Span(start=starts_at, end=starts_at + (current.ends_at - current.starts_at))
    if starts_at <= now or not is_free_start(shop, starts_at, length=span.end - span.start):
        raise Refusal("slot_taken", SLOT_TAKEN)
    move_in_time(current, shop, span, now=now)
    _record("booking moved", current, now=now, by=by, starts_at=starts_at)
    tell_booking(current, change="moved", now=now)
    return current


@transaction.atomic
def refuse_booking(*, booking: Booking, reason: str, now: datetime, by: Account | None) -> Booking:
    """The bay is free again; whoever booked reads the reason. Raises `Refusal` booking_over."""
    current = _locked(booking)
    _check_may_become(current, State.REFUSED)
    current.reason = reason
    current.ended_at = current.changed_at = now
    current.revision += 1
    current.move_to(State.REFUSED, also=["reason", "ended_at", "revision", "changed_at"])
    _record("booking refused", current, now=now, by=by, reason=reason)
    tell_booking(current, change="refused", now=now)
    return current


@transaction.atomic
def note_arrival(*, booking: Booking, now: datetime, by: Account | None) -> Booking:
    """The car is there, on its day or later. Raises `Refusal`: booking_over, not_its_day."""
    current = _locked(booking)
    _check_may_become(current, State.ARRIVED)
    zone = current.workshop.dealer.zone
    if now.astimezone(zone).date() < current.starts_at.astimezone(zone).date():
        raise Refusal("not_its_day", _("The car is booked for a later day. Move the booking first."))
    current.arrived_at = current.changed_at = now
    current.move_to(State.ARRIVED, also=["arrived_at", "changed_at"])
    _record("car arrived", current, now=now, by=by)
    return current


@transaction.atomic
def complete_booking(
    *,
    booking: Booking,
    odometer_km: int,
    items: Sequence[str],
    works: Sequence[str],
    recalls: Sequence[Recall],
    now: datetime,
    by: Account | None,
) -> ServiceRecord:
    """What was done becomes service history, the recalls are closed, and the registry learns the reading.

    Raises `Refusal`: booking_over, reading_does_not_fit, nothing_done.
    """
    current = _locked(booking)
    _check_may_become(current, State.DONE)
    record = keep_record(
        vehicle=current.vehicle,
        dealer=current.workshop.dealer,
        done_on=current.workshop.dealer.market.local_date(now),
        odometer_km=odometer_km,
        items=items,
        works=works,
        recalls=list(open_recalls(current.vehicle).filter(pk__in=[recall.pk for recall in recalls])),
        taken_at=now,
        now=now,
        by=by,
    )
    current.record = record
    current.ended_at = current.changed_at = now
    current.move_to(State.DONE, also=["record", "ended_at", "changed_at"])
    _record("service done", current, now=now, by=by)
    tell_booking(current, change="done", now=now)
    return record


def _locked(booking: Booking) -> Booking:
    lock_car(vehicle_id=booking.vehicle_id, account_ids=[booking.account_id])
    Workshop.objects.select_for_update(no_key=True).get(pk=booking.workshop_id)
    related = ("account__market", "vehicle", "workshop__dealer__market", "workshop__dealer__town")
    return Booking.objects.select_related(*related).get(pk=booking.pk)


def _check_may_become(booking: Booking, state: State) -> None:
    if not rules.may_move(State(booking.state), state):
        raise Refusal("booking_over", NOT_BOOKED)


def _record(what: str, booking: Booking, *, now: datetime, by: Account | None, **facts: object) -> None:
    audit.record(what, account=booking.account, by=by, now=now, subject=booking, **facts)
