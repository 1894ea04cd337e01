import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from garage.models.control import ControlPeriod
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck
from garage.rules import membership as rules
from garage.rules import verification
from garage.rules.membership import Right, Standing


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)

    def with_state(self) -> "MembershipQuerySet":
        """Adds what pages say of the link, without a query for each car: `is_blocked` (V2), `has_other_active`, and
        `control_began_at`, since when whoever has control has it (V4)."""
        blocked = AccessCheck.objects.filter(
            account=OuterRef("account"), vehicle=OuterRef("vehicle"), blocked_at__isnull=False
        )
        active = Membership.objects.current().filter(vehicle=OuterRef("vehicle"), is_active=True)
        running = ControlPeriod.objects.filter(vehicle=OuterRef("vehicle"), ended_at__isnull=True)
        return self.select_related("vehicle").annotate(
            is_blocked=Exists(blocked),
            has_other_active=Exists(active.exclude(pk=OuterRef("pk"))),
            control_began_at=Subquery(running.values("started_at")[:1]),
        )

    def with_own_time(self) -> "MembershipQuerySet":
        """Adds when the account had control of the car (D4), for `own_periods`. No query more."""
        own = ControlPeriod.objects.filter(account=OuterRef("account"), vehicle=OuterRef("vehicle"))
        own = own.order_by("started_at", "pk")
        return self.annotate(
            own_period_ids=ArraySubquery(own.values("pk")),
            own_starts=ArraySubquery(own.values("started_at")),
            own_ends=ArraySubquery(own.values("ended_at")),
        )


class Membership(models.Model):
    """The link of an account with a vehicle: the vehicle is in its garage until `ended_at` (G3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="memberships")
    # The VIN or plate by which the customer named the car: until access is proved no page shows the other one (G11).
    identified_as = models.CharField(max_length=17)
    nickname = models.CharField(max_length=40, blank=True)
    # What a company calls the car in its books: on the next document on (I5).
    invoice_reference = models.CharField(max_length=40, blank=True)
    # The car of which every service page speaks (G5); at most one an account.
    is_selected = models.BooleanField(default=False)
    linked_at = models.DateTimeField()
    # Physical access was proved (V1), last at this moment.
    verified_at = models.DateTimeField(null=True, blank=True)
    # The one linked account that has control of the vehicle's connected services.
    is_active = models.BooleanField(default=False)
    # A driver whom the active account has invited (G12): since when, and the moment from which no more.
    driver_since = models.DateTimeField(null=True, blank=True)
    driver_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # As the account knew it when the link ended: whose plate the car carries later is nothing of its (D4).
    plate_at_end = models.CharField(max_length=12, blank=True)

    # Annotations of `with_state`.
    is_blocked: bool
    has_other_active: bool
    control_began_at: datetime | None
    # And of `with_own_time`.
    own_period_ids: list[int]
    own_starts: list[datetime]
    own_ends: list[datetime | None]

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "vehicle"], condition=Q(ended_at__isnull=True), name="membership_once_while_it_lasts"
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(is_active=True, ended_at__isnull=True),
                name="membership_one_active_account_per_vehicle",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_selected=True, ended_at__isnull=True),
                name="membership_one_selected_vehicle",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(verified_at__isnull=False), name="membership_active_is_verified"
            ),
            models.CheckConstraint(
                condition=Q(driver_until__isnull=True) | Q(driver_since__isnull=False),
                name="membership_only_drivers_have_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(plate_at_end=""), name="membership_plate_kept_at_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vehicle_id}"

    @property
    def is_verified(self) -> bool:
        """Access was proved by this account itself; a driver's was not."""
        return self.verified_at is not None

    @property
    def is_driver(self) -> bool:
        return self.driver_since is not None

    def may_take_control(self, now: datetime) -> bool:
        """V4: of one who hands it over: proved access, or driving by invitation whose last day is not over."""
        drives = self.is_driver and (self.driver_until is None or now < self.driver_until)
        return self.is_verified or drives

    def has_driven_out(self, now: datetime) -> bool:
        """G12: a driver's last day ends on time, whether the job that ends the link has run or not."""
        is_running = self.ended_at is None and not self.is_verified
        return is_running and self.driver_until is not None and self.driver_until <= now

    @property
    def own_periods(self) -> list[ControlPeriod]:
        """The oldest first. Of a link with its own time."""
        own = zip(self.own_period_ids, self.own_starts, self.own_ends, strict=True)
        pair = {"account_id": self.account_id, "vehicle_id": self.vehicle_id}
        return [ControlPeriod(pk=pk, started_at=start, ended_at=end, **pair) for pk, start, end in own]

    @property
    def standing(self) -> Standing:
        return rules.standing(is_verified=self.is_verified, is_active=self.is_active, is_driver=self.is_driver)

    def may(self, right: Right) -> bool:
        return rules.may(self.standing, right)

    # For templates, which ask predicates.

    @property
    def may_see_services(self) -> bool:
        return self.may(Right.SERVICE_STATE)

    @property
    def may_see_service(self) -> bool:
        return self.may(Right.SERVICE_HISTORY)

    @property
    def may_see_manuals(self) -> bool:
        return self.may(Right.MANUALS)

    @property
    def may_book(self) -> bool:
        return self.may(Right.BOOKING)

    @property
    def may_control(self) -> bool:
        return self.may(Right.CONTROL)

    @property
    def may_see_data(self) -> bool:
        """Of the time in which the account has control; what a former one has is on pages of its own (D4)."""
        return self.may(Right.VEHICLE_DATA)

    @property
    def may_share(self) -> bool:
        return self.may(Right.SHARING)

    @property
    def may_claim(self) -> bool:
        """V4: another account has control, and access was proved since it has. Of a link with its state."""
        is_current = verification.is_proof_current(proved_at=self.verified_at, control_began_at=self.control_began_at)
        return self.may(Right.CLAIM) and not self.is_active and is_current

    @property
    def label(self) -> str:
        return self.nickname or self.vehicle.model
