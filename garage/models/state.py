"""What a car reported of itself: each report as it came, the last of each value, alerts, and Privacy Mode (G10, D2).

Of where a car is nothing is kept, here or anywhere.
"""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from garage.models.control import ControlPeriod
from garage.models.vehicle import Vehicle
from garage.rules.reports import Alert, Source

# Reports are never changed; they go when their time is over.
_NEVER_CHANGED = pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)


def _codes() -> "ArrayField[list[str] | None, list[str] | None]":
    return ArrayField(models.CharField(max_length=40), null=True)


class StateValues(models.Model):
    """The values of `garage.rules.reports.GROUPS`: None was not reported, an empty list is "all closed"."""

    odometer_km = models.PositiveIntegerField(null=True)
    fuel_percent = models.PositiveSmallIntegerField(null=True)
    fuel_range_km = models.PositiveSmallIntegerField(null=True)
    charge_percent = models.PositiveSmallIntegerField(null=True)
    charge_range_km = models.PositiveSmallIntegerField(null=True)
    tyre_front_left_kpa = models.PositiveSmallIntegerField(null=True)
    tyre_front_right_kpa = models.PositiveSmallIntegerField(null=True)
    tyre_rear_left_kpa = models.PositiveSmallIntegerField(null=True)
    tyre_rear_right_kpa = models.PositiveSmallIntegerField(null=True)
    battery_volts = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    doors_open = _codes()
    doors_unlocked = _codes()
    windows_open = _codes()
    is_boot_open = models.BooleanField(null=True)
    is_hood_open = models.BooleanField(null=True)
    is_sunroof_open = models.BooleanField(null=True)
    lights_on = _codes()
    warning_lights = _codes()

    class Meta:
        abstract = True


class VehicleReport(StateValues):
    """One report of a car's state, as it came. Kept only where an account had control of the car at its moment."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="reports")
    # The sender's.
    report_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "report_id"], name="vehicle_report_once"),
            models.CheckConstraint(
                condition=Q(fuel_percent__lte=100) | Q(fuel_percent__isnull=True), name="vehicle_report_fuel_percent"
            ),
            models.CheckConstraint(
                condition=Q(charge_percent__lte=100) | Q(charge_percent__isnull=True),
                name="vehicle_report_charge_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "at"], name="vehicle_report_of_vehicle"),
            models.Index(fields=["at"], name="vehicle_report_age"),
        ]
        triggers = [_NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.at}"


class VehicleState(StateValues):
    """The last of each value within one account's time of control, whatever order the reports came in (D4)."""

    period = models.OneToOneField(ControlPeriod, on_delete=models.PROTECT, related_name="state")
    last_contact_at = models.DateTimeField()
    odometer_at = models.DateTimeField(null=True)
    fuel_at = models.DateTimeField(null=True)
    charge_at = models.DateTimeField(null=True)
    tyres_at = models.DateTimeField(null=True)
    battery_at = models.DateTimeField(null=True)
    doors_at = models.DateTimeField(null=True)
    windows_at = models.DateTimeField(null=True)
    boot_at = models.DateTimeField(null=True)
    hood_at = models.DateTimeField(null=True)
    sunroof_at = models.DateTimeField(null=True)
    lights_at = models.DateTimeField(null=True)
    warning_lights_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["last_contact_at"], name="vehicle_state_age")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.last_contact_at}"


class VehicleAlert(models.Model):
    """Something that the car told after a trip, once, to the account that had control then (G10, D4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="alerts")
    # The sender's.
    report_id = models.CharField(max_length=64)
    alert = models.CharField(max_length=20, choices=[(alert, alert) for alert in Alert])
    # Corners of the car, or the codes of its warning lights.
    details = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "report_id"], name="vehicle_alert_once"),
            models.CheckConstraint(
                condition=~Q(alert=Alert.WARNING_LIGHT) | ~Q(details=[]), name="vehicle_alert_light_is_named"
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-at", "-id"], name="vehicle_alert_of_vehicle"),
            models.Index(fields=["at"], name="vehicle_alert_age"),
        ]
        triggers = [_NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.alert} {self.at}"


class VehiclePrivacy(models.Model):
    """Privacy Mode was switched, in the app or in the car (D2). It is the car's, whoever has control of it."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="privacy_switches")
    # The sender's.
    report_id = models.CharField(max_length=64)
    is_on = models.BooleanField()
    source = models.CharField(max_length=3, choices=[(source, source) for source in Source])
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "vehicle privacy"
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "report_id"], name="vehicle_privacy_once"),
            models.CheckConstraint(condition=Q(source__in=sorted(Source)), name="vehicle_privacy_known_source"),
        ]
        indexes = [models.Index(fields=["vehicle", "-at", "-id"], name="vehicle_privacy_of_vehicle")]
        triggers = [_NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.at}"
