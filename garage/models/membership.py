import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from garage.models.vehicle import Vehicle


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """The link of an account with a vehicle: the vehicle is in its garage until `ended_at` (G3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="memberships")
    nickname = models.CharField(max_length=40, blank=True)
    # The car of which every service page speaks (G5); at most one an account.
    is_selected = models.BooleanField(default=False)
    linked_at = models.DateTimeField()
    # Physical access was proved (V1).
    verified_at = models.DateTimeField(null=True, blank=True)
    # The one linked account that has control of the vehicle's connected services.
    is_active = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "vehicle"], condition=Q(ended_at__isnull=True), name="membership_once_while_it_lasts"
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(is_active=True, ended_at__isnull=True),
                name="membership_one_active_account_per_vehicle",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_selected=True, ended_at__isnull=True),
                name="membership_one_selected_vehicle",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(verified_at__isnull=False), name="membership_active_is_verified"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vehicle_id}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None
