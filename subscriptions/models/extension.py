"""An end that staff moved later as goodwill (K3)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from subscriptions.models.subscription import Subscription


class Extension(models.Model):
    """Days of service without a charge, after the end that was set. The contract is untouched."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    # The first day without service, before and after.
    from_on = models.DateField()
    to_on = models.DateField()
    # The reason as the customer reads it in the mail.
    told = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=F("from_on") + F("days")), name="extension_days_are_between_its_dates"
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="extension_moves_later"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.from_on} {self.to_on}"
