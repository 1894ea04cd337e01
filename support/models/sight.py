"""The customer's leave to see trips and the last state of a car, for one case and a time (K1)."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q, Value

from garage.models import Vehicle
from support.models.case import Case
from support.rules import sight


class SightLeave(models.Model):
    """Staff see the trips under this case while it holds. Giving it anew ends the one before."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sight_leaves")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    # Then it is over by itself.
    until = models.DateTimeField()
    # Earlier: by the customer, or by the case's end.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(withdrawn_at__isnull=True), name="sight_leave_one_of_a_case"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("given_at"), until__lte=F("given_at") + Value(sight.LONGEST)),
                name="sight_leave_of_a_week_at_most",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="sight_leave_withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.until:%Y-%m-%d %H:%M}"

    @property
    def account_id(self) -> int | None:
        return self.case.account_id

    def holds(self, now: datetime) -> bool:
        return sight.holds(
            until=self.until, withdrawn_at=self.withdrawn_at, is_case_closed=self.case.is_closed, now=now
        )
