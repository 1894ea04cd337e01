from django.conf import settings
from django.db import models
from django.db.models import Q

from garage.models.vehicle import Vehicle


class AccessCheck(models.Model):
    """How often an account has guessed a vehicle's odometer wrongly; outlives sign-out and removal of the car (V2)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_checks")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="access_checks")
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "vehicle"], name="access_check_once"),
            models.CheckConstraint(condition=Q(wrong_tries__lte=3), name="access_check_three_tries"),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, wrong_tries__lt=3) | Q(blocked_at__isnull=False, wrong_tries=3),
                name="access_check_blocked_at_three",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vehicle_id}: {self.wrong_tries}"
