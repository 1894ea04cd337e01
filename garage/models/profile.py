import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from garage.models.vehicle import Vehicle


class Source(models.TextChoices):
    """How the portal knows: somebody says so, or the car does."""

    DECLARED = "declared", _("declared")
    VEHICLE = "vehicle", _("reported by the car")


class MultimediaProfileQuerySet(models.QuerySet["MultimediaProfile"]):
    def linked(self) -> "MultimediaProfileQuerySet":
        return self.filter(ended_at__isnull=True)


class MultimediaProfile(models.Model):
    """An account's profile on a car's head unit, from linking to removing (C6, L1).

    It outlives the link of the garage: a profile stays in the car until somebody removes it there. Nothing is removed
    by this row; it says what is known. The row stays when it is over, and linking again makes a new one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="multimedia_profiles")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="multimedia_profiles")
    linked_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source.choices)
    # The car has said so itself, first or after the declaration.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_source = models.CharField(max_length=8, choices=Source.choices, blank=True)

    objects = MultimediaProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "account"],
                condition=Q(ended_at__isnull=True),
                name="multimedia_profile_once_while_it_lasts",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.DECLARED) | Q(confirmed_at__isnull=False),
                name="multimedia_profile_of_the_car_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_source="")
                | (Q(ended_at__gte=F("linked_at")) & ~Q(ended_source="")),
                name="multimedia_profile_ends_with_its_source",
            ),
        ]

    def __str__(self) -> str:
        return f"car {self.vehicle_id}, account {self.account_id}, {self.linked_at}"

    @property
    def is_linked(self) -> bool:
        return self.ended_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def was_removed_in_the_car(self) -> bool:
        """L1: the car itself has said that the profile is gone."""
        return self.ended_source == Source.VEHICLE
