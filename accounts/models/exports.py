"""Everything about an account in one file (A6): asked for, worked on, ready for seven days, deleted."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models.account import Account


class DataExport(models.Model):
    """`file` is the name in Django's storage: known before the file is written, blank again once it was deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="data_exports")
    requested_at = models.DateTimeField()
    # Kinds of records: how many there are, and how many are written.
    total = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField(help_text="When the job last showed a sign of life.")
    # The job that has it in hand; None between tries.
    claimed_by = models.UUIDField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    # Over: expired, given up, or deleted with the account.
    ended_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ready_at__isnull=True, ended_at__isnull=True),
                name="export_one_running_per_account",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="export_done_at_most_total"),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | Q(file=""), name="export_ended_has_no_file"),
        ]
        indexes = [
            models.Index(fields=["account", "-requested_at"], name="export_of_account"),
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="export_to_end"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def file_name(self) -> str:
        return f"my-data-{self.requested_at:%Y-%m-%d}.zip"
