import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Dealer
from garage.models.membership import Membership
from garage.models.vehicle import Body
from garage.rules.orders import Stage
from portal.models import Market

STAGE_NAMES = {
    Stage.ORDERED: _("Ordered"),
    Stage.IN_PRODUCTION: _("Being built"),
    Stage.BUILT: _("Built"),
    Stage.SHIPPED: _("On its way"),
    Stage.ARRIVED: _("Arrived in the country"),
    Stage.AT_DEALER: _("At your dealer"),
    Stage.DELIVERED: _("Delivered"),
    Stage.CANCELLED: _("Cancelled"),
}


STAGE_CHOICES = [(str(stage), name) for stage, name in STAGE_NAMES.items()]


class OrderedVehicle(models.Model):
    """A car on order, as the order file tells it; on delivery it becomes a car of the garage (G4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order_number = models.CharField(max_length=40, unique=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    # Whose order it is: by address until an account with that confirmed address is there.
    email = models.EmailField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="ordered_vehicles"
    )
    model = models.CharField(max_length=60)
    body = models.CharField(max_length=12, choices=Body.choices)
    colour_hex = models.CharField(max_length=7)
    stage = models.CharField(max_length=16, choices=STAGE_CHOICES)
    expected_on = models.DateField(null=True, blank=True)
    # Who hands it over; where nobody has said so, no dealer prepares it at the desk.
    dealer = models.ForeignKey(Dealer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    vin = models.CharField(max_length=17, blank=True)
    # What it has become; none while it is on its way, and while a full garage has no room for it.
    membership = models.OneToOneField(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="ordered_vehicle"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vin="") | Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"), name="ordered_vehicle_vin_well_formed"
            ),
            models.CheckConstraint(
                condition=~Q(stage="delivered") | ~Q(vin=""), name="ordered_vehicle_delivered_has_vin"
            ),
            models.CheckConstraint(
                condition=Q(membership__isnull=True) | Q(stage="delivered", account__isnull=False),
                name="ordered_vehicle_in_a_garage_is_delivered",
            ),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="ordered_vehicle_newest"),
            models.Index(fields=["email"], name="ordered_vehicle_email"),
            models.Index(fields=["vin"], name="ordered_vehicle_vin"),
            models.Index(fields=["dealer", "expected_on"], name="ordered_vehicle_of_dealer"),
            models.Index(
                fields=["id"],
                condition=Q(stage="delivered", membership__isnull=True),
                name="ordered_vehicle_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.order_number


class OrderStage(models.Model):
    """A stage that an order reached: each once, told once."""

    order = models.ForeignKey(OrderedVehicle, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=16, choices=STAGE_CHOICES)
    on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "stage"], name="order_stage_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.order_id} {self.stage}"
