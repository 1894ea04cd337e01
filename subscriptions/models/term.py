"""A customer's plan to go on at another term once the running one has ended (S8)."""

from django.db import models
from django.db.models import Q

from subscriptions.models.catalogue import Plan
from subscriptions.models.subscription import Subscription


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    def waiting(self) -> "PlannedChangeQuerySet":
        return self.filter(dropped_at__isnull=True, told_at__isnull=True)


class PlannedChange(models.Model):
    """An intention, no order: nothing is charged or ordered by it. On its day the customer is led to the order."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="planned_changes")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    planned_at = models.DateTimeField()
    # Taken back, or replaced by another plan.
    dropped_at = models.DateTimeField(null=True, blank=True)
    # Its day has come and was met.
    told_at = models.DateTimeField(null=True, blank=True)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(dropped_at__isnull=True, told_at__isnull=True),
                name="planned_change_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["begins_on"],
                condition=Q(dropped_at__isnull=True, told_at__isnull=True),
                name="planned_change_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.plan_id} {self.begins_on}"
