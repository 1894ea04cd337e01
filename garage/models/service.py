"""A car's service history, and what the brand plans and recalls (G8). All of it stays with the car (D4)."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Dealer
from garage.models.vehicle import Powertrain, Vehicle
from garage.rules.odometer import HIGHEST_KM
from portal.models import Market
from portal.texts import LocalizedTextField, localized

LONGEST_WORK = 120


class ServiceRecord(models.Model):
    """A service that was done: entered by a dealer, or, marked as such, by the account that has control of the car."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="service_records")
    done_on = models.DateField()
    odometer_km = models.PositiveIntegerField()
    # Works of the maintenance plan, by their codes: from these the next ones count.
    items = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Lines in the words of whoever entered it.
    works = ArrayField(models.CharField(max_length=LONGEST_WORK), default=list, blank=True)
    is_own = models.BooleanField(help_text="Entered by the car's owner, not by a dealer.")
    dealer = models.ForeignKey(Dealer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What the dealer's own system calls it.
    reference = models.CharField(max_length=64, blank=True)
    # Who entered it. Of an own entry it is never shown to others, and forgotten when the account is closed.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="service_records"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_own=True, dealer__isnull=True) | Q(is_own=False, dealer__isnull=False),
                name="service_record_is_own_or_a_dealers",
            ),
            models.CheckConstraint(
                condition=Q(items__len__gt=0) | Q(works__len__gt=0), name="service_record_says_what_was_done"
            ),
            models.CheckConstraint(condition=Q(odometer_km__lte=HIGHEST_KM), name="service_record_six_digits"),
            models.UniqueConstraint(
                fields=["dealer", "reference"], condition=~Q(reference=""), name="service_record_reference_once"
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "done_on"], name="service_record_of_vehicle")]
        triggers = [
            pgtrigger.Protect(
                name="dealers_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_own=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.done_on}"


class MaintenancePlan(models.Model):
    """What the brand asks for, of the models that it names or of all others of a powertrain (`load_maintenance`)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    powertrain = models.CharField(max_length=16, choices=Powertrain.choices)
    for_models = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    warranty_months = models.PositiveSmallIntegerField()
    warranty_km = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="maintenance_plan_once_per_market")]

    def __str__(self) -> str:
        return f"{self.market_id} {self.code}"


class MaintenanceItem(models.Model):
    """A work of a plan, every so many months or kilometres, whichever comes first."""

    plan = models.ForeignKey(MaintenancePlan, on_delete=models.PROTECT, related_name="items")
    code = models.SlugField(max_length=40)
    names = LocalizedTextField()
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    every_km = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="maintenance_item_once_per_plan"),
            models.CheckConstraint(
                condition=Q(every_months__gt=0) | Q(every_km__gt=0), name="maintenance_item_comes_again"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.code}"

    @property
    def name(self) -> str:
        return localized(self.names)


class Recall(models.Model):
    """Something that the brand mends in cars of these models or VINs, free of charge."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    names = LocalizedTextField()
    texts = LocalizedTextField()
    for_models = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    vins = ArrayField(models.CharField(max_length=17), default=list, blank=True)
    opened_on = models.DateField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="recall_once_per_market")]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def text(self) -> str:
        return localized(self.texts)


class RecallDone(models.Model):
    """The recall was carried out on this car: it is open no more."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="done")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="recalls_done")
    done_on = models.DateField()

    class Meta:
        verbose_name_plural = "recalls done"
        constraints = [models.UniqueConstraint(fields=["recall", "vehicle"], name="recall_done_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.recall_id} {self.vehicle_id}"
