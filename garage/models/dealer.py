"""A dealer at a customer's car: the code, the ten minutes that it opens, and a car that was taken in trade (K1)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from garage.models.dealer_system import DealerSystem
from garage.models.membership import Membership
from garage.models.sale import Sale
from garage.models.workshop import Workshop
from garage.rules import dealer_desk as rules
from garage.rules.dealer_desk import Paper


class DealerCode(models.Model):
    """What the customer shows. The code itself is kept nowhere."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="dealer_codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(replaced_at__isnull=True, used_at__isnull=True),
                name="dealer_code_one_open_of_a_link",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at"), expires_at__lte=F("issued_at") + rules.CODE_LIFETIME),
                name="dealer_code_for_ten_minutes",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True), name="dealer_code_used_or_replaced"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.issued_at}"


class DealerAccessQuerySet(models.QuerySet["DealerAccess"]):
    def holding(self, now: datetime) -> "DealerAccessQuerySet":
        return self.filter(ended_at__isnull=True, until__gt=now)


class DealerAccess(models.Model):
    """One of a dealer's staff works on one car of one account, until then and no longer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="dealer_accesses")
    code = models.OneToOneField(DealerCode, on_delete=models.PROTECT, related_name="access")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Through which the member of staff works; None: at the desk.
    system = models.ForeignKey(DealerSystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    # Sooner, by the dealer, the customer, or because the member of staff works there no more.
    ended_at = models.DateTimeField(null=True, blank=True)
    # V3: which paper was seen, and a note. Its number is kept nowhere.
    paper = models.CharField(max_length=20, blank=True, choices=[(each, each) for each in Paper])
    seen_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = DealerAccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dealer accesses"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("begun_at"), until__lte=F("begun_at") + rules.ACCESS_LIFETIME),
                name="dealer_access_for_ten_minutes",
            ),
            models.CheckConstraint(
                condition=Q(paper="", seen_at__isnull=True) | (~Q(paper="") & Q(seen_at__isnull=False)),
                name="dealer_access_paper_with_its_time",
            ),
        ]
        indexes = [models.Index(fields=["staff", "-begun_at"], name="dealer_access_of_staff")]

    def __str__(self) -> str:
        return f"{self.membership} {self.begun_at}"

    def holds(self, now: datetime) -> bool:
        return rules.holds(until=self.until, ended_at=self.ended_at, now=now)


class TradeInQuerySet(models.QuerySet["TradeIn"]):
    def open(self) -> "TradeInQuerySet":
        return self.filter(objected_at__isnull=True, called_off_at__isnull=True, released_at__isnull=True)


class TradeIn(models.Model):
    """A dealer states that it took a car in trade; its account confirms, objects, or lets the days pass."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="trade_ins")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Of the contract of sale, in the dealer's books.
    reference = models.CharField(max_length=60)
    # The dealer has removed the account's profile from the car's screen.
    is_screen_cleared = models.BooleanField()
    declared_at = models.DateTimeField()
    due_at = models.DateTimeField()
    objected_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    sale = models.OneToOneField(Sale, on_delete=models.PROTECT, null=True, blank=True, related_name="trade_in")

    objects = TradeInQuerySet.as_manager()

    class Meta:
        verbose_name = "trade-in"
        verbose_name_plural = "trade-ins"
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(objected_at__isnull=True, called_off_at__isnull=True, released_at__isnull=True),
                name="trade_in_one_open_of_a_link",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("declared_at")), name="trade_in_leaves_days_to_object"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, sale__isnull=True)
                | Q(
                    released_at__isnull=False, sale__isnull=False, objected_at__isnull=True, called_off_at__isnull=True
                ),
                name="trade_in_released_by_a_sale",
            ),
            models.CheckConstraint(
                condition=Q(objected_at__isnull=True) | Q(called_off_at__isnull=True), name="trade_in_ends_once"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="trade_in_has_a_reference"),
        ]
        indexes = [
            models.Index(fields=["workshop", "-declared_at"], name="trade_in_of_workshop"),
            models.Index(fields=["reference"], name="trade_in_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.declared_at}"

    @property
    def is_open(self) -> bool:
        return self.objected_at is None and self.called_off_at is None and self.released_at is None
