"""Whom documents are made out to, and where copies of them go (I5)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.rules.copies import SLOTS
from portal.countries import country_name


class BillingProfile(models.Model):
    """Who the next invoice is made out to; documents copy it, so a change touches none that was issued (I3)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="billing_profile")
    name = models.CharField(_("name"), max_length=120)
    address_line_1 = models.CharField(_("street and number"), max_length=120)
    address_line_2 = models.CharField(_("further address line"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12)
    town = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    # A company may have a VAT number, in the form of its country (I5).
    is_company = models.BooleanField(default=False)
    vat_number = models.CharField(_("VAT number"), max_length=16, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vat_number="") | Q(is_company=True), name="billing_vat_number_of_company"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """Without the name; the country in the active language."""
        lines = [self.address_line_1, self.address_line_2, f"{self.postcode} {self.town}", country_name(self.country)]
        return [line for line in lines if line]


class CopyAddress(models.Model):
    """Where copies of the account's documents go once its reader has agreed (I5). The row goes when it is removed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="copy_addresses")
    # The place that it takes, so that the database knows how many there are.
    slot = models.PositiveSmallIntegerField()
    email = models.EmailField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "copy addresses"
        constraints = [
            models.UniqueConstraint(fields=["account", "slot"], name="copy_address_slot_once"),
            models.CheckConstraint(condition=Q(slot__in=SLOTS), name="copy_address_at_most_three"),
            models.UniqueConstraint("account", Lower("email"), name="copy_address_once"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
