"""A dealer's own system, which calls the API for that dealer and for no other (K1)."""

from allauth.idp.oidc.models import Client
from django.db import models

from garage.models.workshop import Workshop


class DealerSystem(models.Model):
    """By whose tokens which dealer is spoken for (`load_dealer_systems`). Inactive: no more in the file."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.workshop_id}"
