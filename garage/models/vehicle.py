import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from garage.rules.warranty import WarrantyStart, warranty_start


class Body(models.TextChoices):
    SALOON = "saloon", _("saloon")
    SUV = "suv", _("SUV")
    COUPE = "coupe", _("coupé")
    HATCHBACK = "hatchback", _("hatchback")


class Powertrain(models.TextChoices):
    PETROL = "petrol", _("petrol")
    HYBRID = "hybrid", _("full hybrid")
    PLUG_IN = "plug_in_hybrid", _("plug-in hybrid")
    ELECTRIC = "electric", _("battery electric")


class VehicleFacts(models.Model):
    """What the brand knows of a car; the registry keeps it, a vehicle in the portal carries a copy of it."""

    vin = models.CharField(max_length=17, unique=True)
    plate = models.CharField(max_length=12, blank=True)
    model = models.CharField(max_length=60)
    body = models.CharField(max_length=12, choices=Body.choices)
    colour = models.CharField(max_length=40)
    colour_hex = models.CharField(max_length=7)
    powertrain = models.CharField(max_length=16, choices=Powertrain.choices)
    multimedia = models.CharField(max_length=12, help_text="Generation of the multimedia system, MM21 for instance.")
    market_code = models.CharField(max_length=2)
    # C4: the warranty start decides; if it is missing the purchase date, then the first registration.
    warranty_start = models.DateField(null=True, blank=True)
    purchased_on = models.DateField(null=True, blank=True)
    first_registered_on = models.DateField(null=True, blank=True)
    capabilities = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        abstract = True

    @property
    def counted_from(self) -> WarrantyStart | None:
        """C4: where warranty and free years begin, and what says so."""
        return warranty_start(
            warranty_start=self.warranty_start,
            purchased_on=self.purchased_on,
            first_registered_on=self.first_registered_on,
        )


class Vehicle(VehicleFacts):
    """A car that is, or was, in at least one garage."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"), name="vehicle_vin_well_formed")
        ]
        indexes = [
            models.Index(fields=["plate"], name="vehicle_plate"),
            # Free years that come to their end are found by where they began (C4, C5).
            models.Index(
                Coalesce("warranty_start", "purchased_on", "first_registered_on"), name="vehicle_counted_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.vin}"
