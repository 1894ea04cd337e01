"""A file to which a decision of staff refers: a contract of sale, a letter, a picture (V3, K3, P10)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

LONGEST_NOTE = 200


class Evidence(models.Model):
    """It stays as it was attached, and goes when its time is over (`support/actions/evidence.py`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The row that was decided about, as in the audit.
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    # Whom it concerns, of those whom the row concerns.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence")
    note = models.CharField(max_length=LONGEST_NOTE, help_text="What it shows.")
    # As it was called, without what could mislead; what kind it is was read from its content.
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="evidence_of_subject"),
            models.Index(fields=["at"], name="evidence_by_age"),
        ]
        triggers = [pgtrigger.Protect(name="as_attached", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name
