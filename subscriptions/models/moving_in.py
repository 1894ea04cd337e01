"""What was taken over from the system before this one: running contracts, and documents with their own numbers."""

import re
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from subscriptions.models.payment import Payment
from subscriptions.models.subscription import Subscription


class TakenOver(models.Model):
    """A subscription that another system began (docs/moving-in.md). Kept as it stood then, for `check_ledger`.

    `payment` stands for the running period, which was paid there: its refunds go by the old charge, its invoice is the
    old one. Periods before it are counted, and are not here.
    """

    subscription = models.OneToOneField(Subscription, on_delete=models.PROTECT, related_name="taken_over")
    old_id = models.CharField(max_length=60, unique=True)
    # Periods that were paid there; none of a trial.
    periods_paid = models.PositiveIntegerField()
    # As the old system had it; None where an end is set.
    next_charge_on = models.DateField(null=True, blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="taken_over")
    invoice_number = models.CharField(max_length=40, blank=True)
    invoice_on = models.DateField(null=True, blank=True)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "taken over"
        constraints = [
            models.CheckConstraint(
                condition=Q(periods_paid=0, payment__isnull=True, invoice_number="", invoice_on__isnull=True)
                | (Q(periods_paid__gt=0, payment__isnull=False, invoice_on__isnull=False) & ~Q(invoice_number="")),
                name="taken_over_paid_has_payment_and_invoice",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.old_id


class OldDocument(models.Model):
    """An invoice or credit note of the system before this one: a PDF under its own number, outside our series (I2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="old_documents")
    kind = models.CharField(max_length=12, choices=[("invoice", "invoice"), ("credit_note", "credit note")])
    number = models.CharField(max_length=40, unique=True)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    gross = models.DecimalField(max_digits=8, decimal_places=2)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    # Empty once the law lets it go (I4).
    content = models.CharField(max_length=200, blank=True)
    keep_until = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-issued_on", "-id"], name="old_document_of_account"),
            models.Index(fields=["keep_until"], condition=~Q(content=""), name="old_document_to_forget"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"

    @property
    def file_name(self) -> str:
        """Signs that mean something in a header or a path are none in it."""
        return re.sub(r"[^A-Za-z0-9._-]+", "-", self.number).strip(".-") + ".pdf"

    @property
    def is_kept(self) -> bool:
        return self.content != ""
