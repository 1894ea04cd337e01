"""A car that its account sells, from the first step to the certificate (L1), and the code for the buyer."""

import uuid

from django.db import models
from django.db.models import F, Q

from garage.models.membership import Membership
from garage.rules.sale import grouped


class SaleQuerySet(models.QuerySet["Sale"]):
    def open(self) -> "SaleQuerySet":
        return self.filter(finished_at__isnull=True, called_off_at__isnull=True)


class Sale(models.Model):
    """The seller's side. Whether the car has left is the link's to say; of the buyer nothing stands here (D4)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Account and car.
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="sales")
    begun_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    # The seller says that neither profile nor sign-in of its own is on the car's screen any more.
    head_unit_declared_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The certificate: its number, and the model as it was called on that day.
    check_id = models.CharField(max_length=12, unique=True, null=True, blank=True)
    model = models.CharField(max_length=60, blank=True)

    objects = SaleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(called_off_at__isnull=True),
                name="sale_one_of_a_link",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, check_id__isnull=True, model="")
                | (Q(finished_at__gte=F("begun_at"), check_id__isnull=False) & ~Q(model="")),
                name="sale_finished_with_a_certificate",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(called_off_at__isnull=True),
                name="sale_finished_or_called_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.begun_at}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.called_off_at is None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def has_left(self) -> bool:
        """The car is no more in the seller's garage."""
        return self.membership.ended_at is not None

    @property
    def plate(self) -> str:
        """As the seller knew it."""
        return self.membership.plate_at_end if self.has_left else self.membership.vehicle.plate

    @property
    def check_number(self) -> str:
        return grouped(self.check_id or "")


class TransferCode(models.Model):
    """What the seller hands to the buyer: good for a time and once. The code itself is kept nowhere."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Another one was made in its place.
    replaced_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    # The buyer's link: shown to the buyer alone.
    used_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sale"],
                condition=Q(replaced_at__isnull=True, used_at__isnull=True),
                name="transfer_code_one_open_of_a_sale",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="transfer_code_expires_later"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="transfer_code_used_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id} {self.issued_at}"
