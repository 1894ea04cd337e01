"""One identity for portal, app and car."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Right
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.dealers import Dealer
from accounts.rules.entrance import AtEntrance
from accounts.rules.names import keys_of
from portal.models import Market

# The last digits of the telephone number, however it is written.
PHONE_END = Right(
    Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=models.CharField()), 8
)


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        if "market" not in fields:
            fields["market"] = Market.objects.get(is_default=True)
        account = self.model(email=email.lower(), **fields)
        account.know_name()
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
    # How the name is found by staff (`accounts/rules/names.py`).
    name_keys = ArrayField(models.CharField(max_length=91), default=list, editable=False)
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

    # Of one that was read with its request (`accounts/entrance.py`).
    at_entrance: AtEntrance | None = None

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
            models.Index(
                fields=["terms_due_on"], condition=Q(terms_due_on__isnull=False), name="account_counting_days"
            ),
            # The desk's one box (K2).
            GinIndex(fields=["name_keys"], name="account_name_keys"),
            GinIndex(fields=["email"], opclasses=["gin_trgm_ops"], name="account_email_part"),
            models.Index(PHONE_END, name="account_phone_end"),
        ]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def copy_readers(self) -> list[uuid.UUID]:
        """The public ids of the addresses that copies of its documents go to (I5)."""
        agreed = self.copy_addresses.filter(confirmed_at__isnull=False)
        return list(agreed.order_by("pk").values_list("public_id", flat=True))

    def know_name(self) -> None:
        """After the name has changed; whoever changes it saves `name_keys` too."""
        self.name_keys = keys_of(self.name)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.name or self.email
