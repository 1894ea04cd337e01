"""One identity for portal, app and car; what it has accepted, where it is billed, and what it was told."""

import uuid
from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules.copies import SLOTS
from portal.countries import country_name
from portal.models import Market
from portal.texts import LocalizedTextField, localized


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        if "market" not in fields:
            fields["market"] = Market.objects.get(is_default=True)
        account = self.model(email=email.lower(), **fields)
        account.set_password(password)
        account.save()
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Account":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """One person's login, shared by the portal, the mobile app and the car's head unit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, verbose_name=_("country"))
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.name or self.email


class TermsVersion(models.Model):
    """A version of a market's Terms of Use, in each of its languages (A2)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="terms_versions")
    version = models.CharField(max_length=20)
    effective_at = models.DateTimeField()
    texts = LocalizedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "version"], name="terms_version_once_per_market"),
            # Two that come into force at the same moment would leave open which one is current.
            models.UniqueConstraint(fields=["market", "effective_at"], name="terms_one_current_per_market"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.version}"

    @property
    def text(self) -> str:
        return localized(self.texts)


class TermsAcceptance(models.Model):
    """An account accepted a version, when and through which channel (A2). Never changed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="terms_acceptances")
    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT)
    accepted_at = models.DateTimeField()
    channel = models.CharField(
        max_length=10, choices=[("portal", "portal"), ("app", "app"), ("head_unit", "head unit")]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "version"], name="terms_accepted_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.version_id}"


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
