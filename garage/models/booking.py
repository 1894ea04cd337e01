"""A car booked in at a dealer's workshop: never two in one bay at a time, which the database holds (G8)."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from garage.models.service import ServiceRecord
from garage.models.vehicle import Vehicle
from garage.models.workshop import Bay, Workshop
from garage.rules import bookings as rules
from garage.rules.bookings import HOLDING, State
from portal.texts import localized

LONGEST_WORDS = 1_000
STATE_NAMES = {
    State.BOOKED: _("Booked"),
    State.ARRIVED: _("At the dealer"),
    State.DONE: _("Done"),
    State.CANCELLED: _("Cancelled"),
    State.REFUSED: _("Refused by the dealer"),
}


def _one(field: str) -> Func:
    """A number as a range of one: it can stand in an exclusion constraint without an extension of the database."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


class Booking(models.Model):
    """The row stays, and says what became of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="bookings")
    # Who booked.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="bookings")
    bay = models.ForeignKey(Bay, on_delete=models.PROTECT, related_name="+")
    period = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=[(str(s), n) for s, n in STATE_NAMES.items()], default=State.BOOKED)
    # As offered when it was booked: [{"code": ..., "names": {...}, "minutes": ..., "items": [...]}].
    works = models.JSONField(default=list)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    booked_at = models.DateTimeField()
    # By this a dealer's system asks for what it does not know yet.
    changed_at = models.DateTimeField()
    # Counts the changes: a calendar program takes the later one for the truth.
    revision = models.PositiveSmallIntegerField(default=0)
    # Why the dealer refused it.
    reason = models.CharField(max_length=300, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    record = models.OneToOneField(
        ServiceRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="booking"
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="booking_one_car_in_a_bay",
                expressions=[(_one("bay"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state__in=sorted(HOLDING)),
            ),
            ExclusionConstraint(
                name="booking_a_car_in_one_place",
                expressions=[(_one("vehicle"), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state__in=sorted(HOLDING)),
            ),
            models.CheckConstraint(
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False)
                & Q(period__isempty=False),
                name="booking_begins_and_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(reason=""), name="booking_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DONE, record__isnull=False) | (~Q(state=State.DONE) & Q(record__isnull=True)),
                name="booking_done_is_in_the_history",
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "state"], name="booking_of_vehicle"),
            models.Index(fields=["workshop", "changed_at", "public_id"], name="booking_by_change"),
            models.Index(F("workshop"), Func(F("period"), function="lower"), name="booking_of_day"),
            models.Index(fields=["period", "id"], name="booking_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.starts_at} {self.state}"

    @property
    def starts_at(self) -> datetime:
        starts: datetime = self.period.lower
        return starts

    @property
    def ends_at(self) -> datetime:
        ends: datetime = self.period.upper
        return ends

    @property
    def is_booked(self) -> bool:
        return self.state == State.BOOKED

    @property
    def is_refused(self) -> bool:
        return self.state == State.REFUSED

    def work_names(self, language: str | None = None) -> list[str]:
        return [localized(work["names"], language) for work in self.works]

    def move_to(self, state: State, *, also: Iterable[str] = ()) -> None:
        """Within the caller's lock. Raises `IllegalMove`; saves the state and the fields that `also` names."""
        rules.check_move(State(self.state), state)
        self.state = state
        self.save(update_fields=["state", *also])
