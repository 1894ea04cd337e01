"""What the account was told, what it chose to be told, and what could not be delivered (N1, N2)."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models.account import Account
from accounts.rules.notices import CHANNELS, INBOX
from portal.models import OutboxMessage


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
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notice_inbox"),
            # The bell of every page counts them.
            models.Index(fields=["account"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_key}"

    def mark_read(self, *, now: datetime) -> None:
        Notice.objects.filter(pk=self.pk, read_at__isnull=True).update(read_at=now)


class NoticeChoice(models.Model):
    """Where an account chose otherwise than N1 has it unasked: one topic, one channel. The row goes when it changes
    its mind."""

    EARLY = "early_charges"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notice_choices")
    # A topic of `accounts/notices/kinds.py`.
    choice = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=[(channel, channel) for channel in CHANNELS])
    is_wanted = models.BooleanField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "choice", "channel"], name="notice_chosen_once"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="notice_choice_of_known_channel"),
            # N2: what was told is kept there.
            models.CheckConstraint(
                condition=~Q(channel=INBOX) | Q(is_wanted=True), name="notice_choice_inbox_never_switched_off"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.choice} {self.channel}"


class UndeliveredMail(models.Model):
    """A mail of the outbox that was refused by its address, or given up after too many tries: work for staff (K4).

    While an address has refused one and has taken none since, its account is asked for another.
    """

    message = models.OneToOneField(OutboxMessage, on_delete=models.CASCADE, related_name="undelivered")
    # Whose mail it is; nobody's where an address is only being confirmed.
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="undelivered_mails"
    )
    address = models.EmailField()
    # Of the notice; empty for what is no notice: links that let somebody in, copies of documents.
    kind = models.CharField(max_length=40, blank=True)
    # The address itself was refused; else the server could not be reached, or the mail could not be made.
    is_refused = models.BooleanField()
    reason = models.CharField(max_length=300)
    failed_at = models.DateTimeField()
    # A later mail to this address was accepted.
    reached_at = models.DateTimeField(null=True, blank=True)
    # Taken off the list by staff, with a reason in the audit trail.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["address"], condition=Q(reached_at__isnull=True), name="undelivered_not_reached"),
            models.Index(fields=["address"], name="undelivered_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.kind}".strip()

    @property
    def is_open(self) -> bool:
        """Neither sent since nor taken off the list."""
        return self.message.done_at is None

    @property
    def is_being_sent(self) -> bool:
        return self.is_open and self.message.parked_at is None
