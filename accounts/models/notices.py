"""What the account was told, and what it chose to be told (N1, N2)."""

import uuid
from datetime import datetime

from django.db import models

from accounts.models.account import Account


class Notice(models.Model):
    """Something the account was told, once (N2): the inbox shows it, the outbox mails it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    # What it is about and when that happens: the same kind about the same thing on the same day is told once.
    subject_key = models.CharField(max_length=80)
    event_on = models.DateField()
    # Facts for the templates: amounts and dates as strings.
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "subject_key", "event_on"], name="notice_told_once")
        ]
        indexes = [models.Index(fields=["account", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_key}"

    def mark_read(self, *, now: datetime) -> None:
        Notice.objects.filter(pk=self.pk, read_at__isnull=True).update(read_at=now)


class NoticeChoice(models.Model):
    """An account has opted into optional notices (S9, N1); the row goes when it opts out."""

    EARLY = "early_charges"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notice_choices")
    choice = models.CharField(max_length=20, choices=[(EARLY, EARLY)])
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "choice"], name="notice_chosen_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.choice}"
