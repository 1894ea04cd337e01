"""One identity for portal, app and car."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.dealers import Dealer
from portal.models import Market


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

    PORTAL, HEAD_UNIT = "portal", "head_unit"

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
    created_channel = models.CharField(
        max_length=10, default=PORTAL, choices=[(PORTAL, "portal"), (HEAD_UNIT, "head unit")], editable=False
    )
    # The last day of an older head unit's account to accept the Terms (A2); kept when they are accepted.
    terms_due_on = models.DateField(null=True, blank=True, editable=False)
    # K7: after its address was changed by telephone; money, control and export wait so long.
    barred_until = models.DateTimeField(null=True, blank=True, editable=False)
    preferred_dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[AccountManager] = AccountManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
            models.CheckConstraint(
                condition=Q(terms_due_on__isnull=True) | Q(created_channel="head_unit"),
                name="account_terms_count_of_head_unit",
            ),
        ]
        # Few have ever had days to count; the charging run asks for them.
        indexes = [
            models.Index(fields=["terms_due_on"], condition=Q(terms_due_on__isnull=False), name="account_counting_days")
        ]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def copy_readers(self) -> list[uuid.UUID]:
        """The public ids of the addresses that copies of its documents go to (I5)."""
        agreed = self.copy_addresses.filter(confirmed_at__isnull=False)
        return list(agreed.order_by("pk").values_list("public_id", flat=True))

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.name or self.email
