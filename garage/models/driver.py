"""A driver whom the active account of a car has invited (G12)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from garage.models.vehicle import Vehicle


class DriverAccess(models.Model):
    """From invitation to end. The row stays, and says who could reach which car by whom, from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="drivers")
    # The account that was active when it invited; its drivers end with its control.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drivers_invited")
    # To whom the invitation went: only the account with this confirmed address can accept it.
    email = models.EmailField()
    driver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="drives"
    )
    # The last day of it, by the owner's market; null: until somebody ends it.
    last_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "driver accesses"
        constraints = [
            models.UniqueConstraint(
                "vehicle", Lower("email"), condition=Q(ended_at__isnull=True), name="driver_once_while_it_lasts"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "driver"],
                condition=Q(ended_at__isnull=True),
                name="driver_account_once_while_it_lasts",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, driver__isnull=True)
                | Q(accepted_at__isnull=False, driver__isnull=False),
                name="driver_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(driver__isnull=True) | ~Q(owner=F("driver")), name="driver_is_somebody_else"
            ),
        ]
        indexes = [
            models.Index(fields=["invited_at"], name="driver_invited"),
            models.Index(fields=["email"], name="driver_address"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.email}"
