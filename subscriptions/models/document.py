"""Invoices and credit notes: frozen copies of what was true on the day, numbered without gap or repeat (I2 to I4)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.models import LegalEntity
from subscriptions.models.payment import Payment, Refund
from subscriptions.models.subscription import REVIEWS, Subscription
from subscriptions.rules.vat import STANDARD

PERSONAL = ("buyer", "vehicle", "card")
# I4: one move only, and it changes nothing but what tells who the buyer was. The day that follows `keep_until` begins
# ten hours after that one at the earliest, on the clocks of Kiribati.
ONLY_BLANKED = """
    IF OLD.blanked_at IS NULL AND NEW.blanked_at > OLD.keep_until + interval '10 hours'
       AND NEW.buyer = '{}' AND NEW.vehicle = '{}' AND NEW.card = '{}'
       AND to_jsonb(OLD) - '{buyer,vehicle,card,blanked_at}'::text[]
         = to_jsonb(NEW) - '{buyer,vehicle,card,blanked_at}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Cannot update rows from subscriptions_document: a document never changes (I4)';
"""


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", "invoice"
    CREDIT_NOTE = "credit_note", "credit note"


class NumberSeries(models.Model):
    """The last number given per legal entity, kind and year. Moved on only by `invoicing.numbering`."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["legal_entity", "kind", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last_number}"


class Document(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="documents")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="documents")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note")
    # A credit note names its invoice; without a refund it is the one that mends a name or an address (I4).
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes")
    # Its number, where the invoice is one of the system before this one: of a payment that was taken over.
    old_invoice = models.CharField(max_length=40, blank=True)
    # The invoice whose place this one takes.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    currency = models.CharField(max_length=3)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    vat_country = models.CharField(max_length=2, blank=True)
    vat_category = models.CharField(max_length=2, default=STANDARD)
    vat_reason = models.CharField(max_length=160, blank=True)
    vat_evidence = models.JSONField(default=list, blank=True)
    vat_review = models.CharField(max_length=16, blank=True, choices=REVIEWS)
    net = models.DecimalField(max_digits=8, decimal_places=2)
    vat = models.DecimalField(max_digits=8, decimal_places=2)
    gross = models.DecimalField(max_digits=8, decimal_places=2)
    language = models.CharField(max_length=5)
    # Copies as they were on the day.
    seller = models.JSONField()
    lines = models.JSONField()
    payment_facts = models.JSONField()
    # What tells who the buyer was (PERSONAL): empty once it was blanked, which the law allows after `keep_until`.
    buyer = models.JSONField(blank=True)
    vehicle = models.JSONField(blank=True)
    card = models.JSONField(default=dict, blank=True)
    keep_until = models.DateField()
    blanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "kind", "year", "sequence"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(kind=DocumentKind.INVOICE, replaces__isnull=True),
                name="document_one_invoice_per_payment",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(kind=DocumentKind.CREDIT_NOTE, refund__isnull=True),
                name="document_corrected_once",
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat")), name="document_adds_up"),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.INVOICE, refund__isnull=True, corrects__isnull=True, old_invoice="")
                | Q(kind=DocumentKind.CREDIT_NOTE, corrects__isnull=False, replaces__isnull=True, old_invoice="")
                | (
                    Q(kind=DocumentKind.CREDIT_NOTE, corrects__isnull=True, replaces__isnull=True)
                    & Q(refund__isnull=False)
                    & ~Q(old_invoice="")
                ),
                name="document_credit_note_names_invoice",
            ),
        ]
        indexes = [
            # The order of the history, so that a page begins at its edge.
            models.Index(fields=["account", "-issued_at", "-id"], name="document_of_account"),
            models.Index(fields=["legal_entity", "issued_on"], name="document_of_month"),
            models.Index(fields=["keep_until"], condition=Q(blanked_at__isnull=True), name="document_to_blank"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_blanked", operation=pgtrigger.Update, when=pgtrigger.Before, func=ONLY_BLANKED
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'Cannot truncate subscriptions_document: a document never changes (I4)';",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def credited_number(self) -> str:
        """The number of the invoice that a credit note names, ours or the old system's; else empty."""
        return self.corrects.number if self.corrects else self.old_invoice

    @property
    def is_correction(self) -> bool:
        """One of the two that mend a wrong name or address (I4): no money has moved with it."""
        return self.replaces_id is not None or (self.is_credit_note and self.refund_id is None)

    @property
    def is_blanked(self) -> bool:
        return self.blanked_at is not None


class DocumentFile(models.Model):
    """The PDF as it was made from the row, found by the hash of its bytes."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="file")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=0, help_text="Bytes.")
    content = models.FileField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]
