"""The caller check (K7): the code that a customer shows, and each try to check a caller."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.rules.caller import TRIES_A_DAY, Way


class CallerCode(models.Model):
    """Six digits for ten minutes, kept keyed; a new one takes the place of the one before."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="caller_code")
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="caller_code_good_for_a_while"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.issued_at}"


class CallerTry(models.Model):
    """A check of a caller by an agent, passed or failed. No answer is kept, only which facts were asked for."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="caller_tries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The day of the market's calendar, in which failures are counted.
    on = models.DateField()
    way = models.CharField(max_length=8, choices=[(way, way) for way in Way])
    asked = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Of one that failed: the first, second or third of its day.
    failure = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "on", "failure"], name="caller_try_counted_once"),
            models.CheckConstraint(
                condition=Q(failure__isnull=True) | Q(failure__range=(1, TRIES_A_DAY)), name="caller_try_three_a_day"
            ),
        ]
        indexes = [models.Index(fields=["account", "-at"], name="caller_try_of_account")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.way} {self.at}"

    @property
    def has_passed(self) -> bool:
        return self.failure is None
