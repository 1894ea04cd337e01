import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

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
        indexes = [
            models.Index(fields=["blocked_at"], condition=Q(blocked_at__isnull=False), name="access_check_blocked")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vehicle_id}: {self.wrong_tries}"


class AccessTry(models.Model):
    """One judged odometer reading, without its kilometres: what is counted for the car's cap and told to its owner."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="access_tries")
    at = models.DateTimeField()
    is_right = models.BooleanField()

    class Meta:
        verbose_name_plural = "access tries"
        indexes = [
            models.Index(fields=["vehicle", "at"], condition=Q(is_right=False), name="access_try_wrong_of_vehicle")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vehicle_id} {self.at}"


class AccessUnblocking(models.Model):
    """A block that dealer or customer centre took away, who checked the person's identity, and the note (V3)."""

    access_check = models.ForeignKey(AccessCheck, on_delete=models.PROTECT, related_name="unblockings")
    blocked_at = models.DateTimeField()
    unblocked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identity_checked_by = models.CharField(max_length=80)
    note = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["access_check", "blocked_at"], name="access_unblocking_once_per_block"),
            models.CheckConstraint(
                condition=Q(unblocked_at__gte=F("blocked_at")), name="access_unblocking_after_block"
            ),
            models.CheckConstraint(
                condition=~Q(identity_checked_by="") & ~Q(note=""), name="access_unblocking_says_who_and_why"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.access_check_id} {self.unblocked_at}"
