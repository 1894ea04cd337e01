"""What the vehicle backend is asked to switch in a car, and what it answered (C1)."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from subscriptions.rules.provisioning import OPEN, REPORTED, State, Switch, check_move, is_late


class ProvisioningQuerySet(models.QuerySet["Provisioning"]):
    def asked(self) -> "ProvisioningQuerySet":
        """What the backend has to do, oldest first."""
        return self.filter(state=State.ASKED).order_by("pk")

    def open(self) -> "ProvisioningQuerySet":
        return self.filter(state__in=sorted(OPEN))


class Provisioning(models.Model):
    """A package switched on, or off, in its car: asked once for each subscription, answered by the vehicle backend.

    Money and dates never wait for it: they go by the contract.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(
        "subscriptions.Subscription", on_delete=models.PROTECT, related_name="provisionings"
    )
    switch = models.CharField(max_length=3, choices=[(switch, switch) for switch in Switch])
    state = models.CharField(max_length=9, choices=[(state, state) for state in State], default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # Of a failure, in the backend's own code.
    reason = models.CharField(max_length=40, blank=True)

    objects = ProvisioningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "switch"], name="provisioning_once_each_way"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(REPORTED), answered_at__isnull=False)
                | (~Q(state__in=sorted(REPORTED)) & Q(answered_at__isnull=True)),
                name="provisioning_answered_when_reported",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED) | Q(reason=""), name="provisioning_reason_of_a_failure"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OVERTAKEN) | Q(switch=Switch.ON), name="provisioning_only_on_is_overtaken"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state=State.ASKED), name="provisioning_asked"),
            models.Index(fields=["asked_at"], condition=Q(state__in=sorted(OPEN)), name="provisioning_open"),
        ]

    def __str__(self) -> str:
        return f"{self.switch} {self.state} {self.public_id}"

    def move_to(self, state: State) -> None:
        """By the table; the caller holds the row's lock and saves."""
        check_move(State(self.state), state)
        self.state = state

    @property
    def has_failed(self) -> bool:
        return self.state == State.FAILED

    def is_late(self, now: datetime) -> bool:
        return self.state == State.ASKED and is_late(self.asked_at, now=now)
