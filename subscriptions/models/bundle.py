"""Many documents for one download: what was asked for, by whom, and how far the files of it are made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from garage.models import Vehicle
from portal.models import LegalEntity


class DocumentBundle(models.Model):
    """A year of an account's documents, or a month of a legal entity's.

    The job makes and keeps the file of each document. The ZIP itself is written while it is downloaded, from those
    files: no second copy of anybody's invoices lies about, to be forgotten when the law lets them go (I4).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    # Whose documents: one of the two.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="bundles"
    )
    legal_entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    # What else the customer's page was filtered by.
    vehicle = models.ForeignKey(Vehicle, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=40, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    # The last document that was worked on, in the order of their keys: where the next step goes on.
    done_up_to = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(help_text="When the last step was done.")
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="Until then it can be downloaded.")

    class Meta:
        verbose_name = "prepared documents"
        verbose_name_plural = "prepared documents"
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="bundle_done_at_most_total"),
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True) | Q(done=F("total")), name="bundle_ready_when_all_is_done"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False, legal_entity__isnull=True, month__isnull=True)
                | Q(account__isnull=True, legal_entity__isnull=False, month__range=(1, 12), vehicle__isnull=True),
                name="bundle_year_of_account_or_month_of_seller",
            ),
        ]
        indexes = [models.Index(fields=["requested_by", "-requested_at"], name="bundle_of_requester")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    @property
    def file_name(self) -> str:
        return f"documents-{self.year}{f'-{self.month:02d}' if self.month else ''}.zip"
