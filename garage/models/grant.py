"""A third party that reads data of a car because its owner lets it: scope, end, and what was read (D3)."""

import uuid
from datetime import datetime

import pgtrigger
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from garage.models.vehicle import Vehicle
from garage.rules import grants as rules
from garage.rules.grants import Why
from portal.models import Market
from portal.texts import LocalizedTextField, localized


class ThirdParty(models.Model):
    """Whom an owner may choose: what a market's file says (`load_third_parties`). Inactive: no more in the file."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField()
    name = models.CharField(max_length=120)
    # What it wants the data for, in its own words, in each of the market's languages.
    purposes = LocalizedTextField()
    privacy_url = models.CharField(max_length=200)
    # With whose tokens it calls the API.
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "third parties"
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="third_party_code_once_per_market"),
            models.UniqueConstraint(fields=["market", "client"], name="third_party_client_once_per_market"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def purpose(self) -> str:
        return localized(self.purposes)


class DataGrantQuerySet(models.QuerySet["DataGrant"]):
    def running(self) -> "DataGrantQuerySet":
        """Those that nobody and nothing has ended; the last day of one may be over all the same (`is_live`)."""
        return self.filter(ended_at__isnull=True)


class DataGrant(models.Model):
    """An owner lets a third party read kinds of data of a car. The row stays, and says who could read what, when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_grants")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="data_grants")
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="grants")
    # Names of `garage.data.vehicle_data`.
    kinds = ArrayField(models.CharField(max_length=40))
    # Rows from before the grant, too, as far as they are of the account's own time (D4).
    has_history = models.BooleanField(default=False)
    # What the third party knows the owner by, typed by the owner: the number of a policy, for instance.
    reference = models.CharField(max_length=40, blank=True)
    # The purpose as it was shown.
    purpose = models.TextField()
    granted_at = models.DateTimeField()
    # The last day of it, by the third party's market, which was the account's when it was given.
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, blank=True, choices=[(why, why) for why in Why])

    objects = DataGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "third_party"],
                condition=Q(ended_at__isnull=True),
                name="data_grant_once_while_it_lasts",
            ),
            models.CheckConstraint(condition=~Q(kinds=[]), name="data_grant_is_of_something"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="data_grant_ended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "vehicle", "-granted_at"], name="data_grant_of_car"),
            models.Index(fields=["third_party", "id"], condition=Q(ended_at__isnull=True), name="data_grant_running"),
            models.Index(fields=["ends_on"], condition=Q(ended_at__isnull=True), name="data_grant_to_end"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.third_party_id} {self.granted_at:%Y-%m-%d}"

    def is_live(self, now: datetime) -> bool:
        """Whether it may be read by: whether the job that ends it has run or not, the last day ends on time."""
        today = self.third_party.market.local_date(now)
        return self.ended_at is None and not rules.is_over(ends_on=self.ends_on, today=today)

    @property
    def rows_since(self) -> datetime | None:
        """From which moment on rows are read; None: all of the account's own."""
        return None if self.has_history else self.granted_at


class DataAccess(models.Model):
    """A third party has read rows of a car by a grant. Never changed."""

    grant = models.ForeignKey(DataGrant, on_delete=models.PROTECT, related_name="accesses")
    at = models.DateTimeField()
    kinds = ArrayField(models.CharField(max_length=40))
    rows = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "data accesses"
        indexes = [models.Index(fields=["grant", "-at", "-id"], name="data_access_of_grant")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.at} {self.rows}"
