from django.db import models
from django.db.models import Q

from garage.models.vehicle import VehicleFacts


class RegistryEntry(VehicleFacts):
    """A row of the local registry: filled by `manage.py import_vehicles`, read only through the registry port."""

    odometer_km = models.PositiveIntegerField(null=True)
    odometer_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "registry entries"
        constraints = [
            models.CheckConstraint(condition=Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"), name="registry_vin_well_formed"),
            models.CheckConstraint(
                condition=Q(odometer_km__isnull=True, odometer_at__isnull=True)
                | Q(odometer_km__isnull=False, odometer_at__isnull=False),
                name="registry_reading_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["plate"], name="registry_plate")]

    def __str__(self) -> str:
        return self.vin
