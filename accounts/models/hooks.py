"""Webhooks for the app's backend: who is told of what, each event, and each try to tell it (docs/webhooks.md)."""

import uuid

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.rules.hooks import State, Why


class HookEndpoint(models.Model):
    """An address that a machine client wants to be told at, and of what. Made by a file; its secret is kept nowhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField()
    # Which of its secrets signs, and since when: the one before signs beside it for a time.
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    # The first failure since it last took something.
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=20, blank=True, choices=[(why, why) for why in Why])

    class Meta:
        verbose_name = "webhook endpoint"
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_why="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_why="")),
                name="hook_endpoint_disabled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None


class HookEvent(models.Model):
    """A thin fact: what happened, when, and public ids. Read from the audit trail once; kept for thirty days."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    ids = models.JSONField(default=dict)
    # The record of the audit trail that it was read from; none: a test event.
    record_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "webhook event"
        constraints = [models.UniqueConstraint(fields=["record_id", "kind"], name="hook_event_once_per_record")]
        indexes = [models.Index(fields=["created_at"], name="hook_event_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class HookDelivery(models.Model):
    """An event on its way to one endpoint, or there."""

    event = models.ForeignKey(HookEvent, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(HookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(
        max_length=10, default=State.WAITING.value, choices=[(state, state.value) for state in State]
    )
    # Not before this moment; while it is being sent, until when nobody else does.
    due_at = models.DateTimeField(null=True, blank=True)
    # Since it was last sent by hand.
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="hook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state=State.WAITING.value, due_at__isnull=False)
                | (~Q(state=State.WAITING.value) & Q(due_at__isnull=True)),
                name="hook_delivery_due_while_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.WAITING.value), name="hook_delivery_waiting"),
            models.Index(fields=["endpoint", "state"], name="hook_delivery_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.endpoint_id} {self.state}"


class HookTry(models.Model):
    """One try: what the endpoint answered, and how long it took."""

    delivery = models.ForeignKey(HookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    # None: no answer.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"


class HookCursor(models.Model):
    """How far the audit trail has been read (`accounts/hooks/finding.py`). One row."""

    is_only = models.BooleanField(default=True, unique=True)
    # All records up to here are read, and none of them can still appear.
    read_to = models.BigIntegerField()
    # Read up to here, too; whoever began to write before this transaction id may still add some among them.
    seen_to = models.BigIntegerField()
    seen_before = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="hook_cursor_only_one")]

    def __str__(self) -> str:
        return str(self.read_to)
