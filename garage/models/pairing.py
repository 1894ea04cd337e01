from django.db import models
from django.db.models import F, Q

from garage.models.membership import Membership
from garage.models.vehicle import Vehicle


class PairingCode(models.Model):
    """A code that the car's head unit shows: whoever types it in sits in the car (G2, V1).

    A car has three places for codes; a new one takes the place of a used, expired or the oldest one, so that no rows
    pile up. The code itself is kept nowhere.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="pairing_codes")
    slot = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "slot"], name="pairing_code_one_per_slot"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=3), name="pairing_code_three_slots"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="pairing_code_expires_later"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="pairing_code_used_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}/{self.slot}"
