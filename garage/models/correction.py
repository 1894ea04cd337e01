"""What staff know better of a car than the registry, with the evidence (K3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from garage.models.vehicle import Vehicle

# Words and dates that decide what a car can have and how long it is free (C2, C4).
WORDS = ("plate", "model", "powertrain", "multimedia")
DATES = ("warranty_start", "purchased_on", "first_registered_on")
CORRECTABLE = (*WORDS, *DATES)


class FactCorrection(models.Model):
    """Stands over what the registry says, until another takes its place or it is withdrawn."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=20, choices=[(name, name) for name in CORRECTABLE])
    # Dates as ISO; empty where it is not known.
    registry_said = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=60, blank=True)
    # Where the paper can be found: a case, a registration document, an invoice of the dealer.
    evidence = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "fact"], condition=Q(replaced_at__isnull=True), name="correction_one_stands_per_fact"
            ),
            models.CheckConstraint(condition=Q(fact__in=CORRECTABLE), name="correction_of_a_correctable_fact"),
            models.CheckConstraint(condition=~Q(evidence=""), name="correction_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.fact}: {self.value}"
