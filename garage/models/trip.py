"""Trips of a car, and their sums by day (T1 to T3). No positions are kept."""

from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from garage.models.control import ControlPeriod
from garage.models.vehicle import Vehicle
from garage.rules.trips import LeftOut

# A score, and metres x score added up.
SCORE: dict[str, Any] = {"max_digits": 5, "decimal_places": 2}
PRODUCT: dict[str, Any] = {"max_digits": 20, "decimal_places": 2, "default": 0}


class Trip(models.Model):
    """As it was reported, once; it belongs to the control in which it began (D4)."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="trips", db_index=False)
    control = models.ForeignKey(ControlPeriod, on_delete=models.PROTECT, related_name="trips", db_index=False)
    # What the vehicle backend calls it.
    reported_id = models.UUIDField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # The day on which it began, by the market of whoever had control.
    on = models.DateField()
    distance_m = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField()
    acceleration = models.DecimalField(**SCORE)
    braking = models.DecimalField(**SCORE)
    # Missing where the drive was too slow for it, as in town.
    constant_speed = models.DecimalField(**SCORE, null=True)
    # As the backend sent it; `score` is what is shown and counted, ours where none was sent (T2).
    sent_score = models.DecimalField(**SCORE, null=True)
    score = models.DecimalField(**SCORE)
    # Privacy Mode was on for a part of the way (D2).
    is_partial = models.BooleanField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "reported_id"], name="trip_once"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="trip_ends_after_it_started"),
            models.CheckConstraint(
                condition=Q(sent_score__isnull=True) | Q(score=F("sent_score")), name="trip_score_as_sent"
            ),
            models.CheckConstraint(
                condition=Q(
                    score__range=(0, 100),
                    acceleration__range=(0, 100),
                    braking__range=(0, 100),
                )
                & (Q(constant_speed__isnull=True) | Q(constant_speed__range=(0, 100))),
                name="trip_scores_to_a_hundred",
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "started_at", "id"], name="trip_of_vehicle")]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.started_at}"


class DrivingDay(models.Model):
    """The sums of a day's trips within one control: at a handing over in the middle of a day there are two rows (D4).

    `garage/actions/take_trips.py` adds to it, and `manage.py check_trips` counts again.
    """

    control = models.ForeignKey(ControlPeriod, on_delete=models.PROTECT, related_name="driving_days", db_index=False)
    on = models.DateField()
    trips = models.PositiveIntegerField(default=0)
    partial_trips = models.PositiveIntegerField(default=0)
    distance_m = models.PositiveBigIntegerField(default=0)
    duration_s = models.PositiveBigIntegerField(default=0)
    # Metres x score of each trip, added up.
    score_product = models.DecimalField(**PRODUCT)
    acceleration_product = models.DecimalField(**PRODUCT)
    braking_product = models.DecimalField(**PRODUCT)
    constant_speed_product = models.DecimalField(**PRODUCT)
    # The metres of those trips that have a score for constant speed.
    constant_speed_m = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["control", "on"], name="driving_day_once"),
            models.CheckConstraint(
                condition=Q(partial_trips__lte=F("trips"), constant_speed_m__lte=F("distance_m")),
                name="driving_day_parts_within_the_whole",
            ),
        ]
        # What retention looks for: days come in their order, more or less.
        indexes = [BrinIndex(fields=["on"], name="driving_day_age")]

    def __str__(self) -> str:
        return f"{self.control_id} {self.on}"


class LeftOutDay(models.Model):
    """On that day at least one trip was left out for this reason, and nothing else of it is kept (T4)."""

    KEPT = (LeftOut.TOO_SHORT, LeftOut.PRIVACY_MODE)

    control = models.ForeignKey(ControlPeriod, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    reason = models.CharField(max_length=20, choices=[(reason, reason) for reason in KEPT])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["control", "on", "reason"], name="left_out_day_once")]
        indexes = [BrinIndex(fields=["on"], name="left_out_day_age")]

    def __str__(self) -> str:
        return f"{self.control_id} {self.on} {self.reason}"
