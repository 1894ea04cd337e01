"""An account's enrolment of one vehicle in one package, the contract behind it, and the trial it used up."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest

from accounts.models import TermsVersion
from garage.models import Vehicle
from portal.models import Market
from subscriptions.models.catalogue import Package, Plan
from subscriptions.rules.cancellation import Standing
from subscriptions.rules.lifecycle import CHARGEABLE, IN_SERVICE, LIVE, EndReason, Status, check_move
from subscriptions.rules.periods import charge_on
from subscriptions.rules.vat import STANDARD, Review

_LIVE = sorted(LIVE)
REVIEWS = [(review, review.replace("_", " ")) for review in Review if review]
_IS_ADD_ON = models.ExpressionWrapper(Q(package__base__isnull=False), output_field=models.BooleanField())
_IS_FREE = models.ExpressionWrapper(Q(plan__isnull=True), output_field=models.BooleanField())
# Charges that are due on the same day; see `with_turn`.
TURN = ("turn", "is_add_on", "pk")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> "SubscriptionQuerySet":
        return self.filter(status__in=_LIVE)

    def due(self, today: date) -> "SubscriptionQuerySet":
        """Those with a charge or a retry to make, in the order in which the run makes them (rehearsal.md)."""
        return self.filter(next_try_on__lte=today).with_turn().order_by("next_charge_on", *TURN)

    def add_ons_first(self) -> "SubscriptionQuerySet":
        """In the order in which they leave with their car (rehearsal.md)."""
        return self.annotate(is_add_on=_IS_ADD_ON).order_by("-is_add_on", "pk")

    def bases_first(self) -> "SubscriptionQuerySet":
        """In the order in which several are locked."""
        return self.annotate(is_add_on=_IS_ADD_ON).order_by("is_add_on", "pk")

    def with_turn(self) -> "SubscriptionQuerySet":
        """Annotates what `TURN` sorts by: the order of subscribing, an add-on right after its base if that is later."""
        base = Subscription.objects.live().filter(
            account=models.OuterRef("account"),
            vehicle=models.OuterRef("vehicle"),
            package=models.OuterRef("package__base"),
        )
        return self.annotate(turn=Greatest("pk", models.Subquery(base.values("pk")[:1])), is_add_on=_IS_ADD_ON)

    def end_reached(self, today: date) -> "SubscriptionQuerySet":
        """Live ones whose end date has come: bases, add-ons, then complimentary ones of the same day (rehearsal.md)."""
        reached = self.filter(status__in=_LIVE, ends_on__lte=today).annotate(is_add_on=_IS_ADD_ON)
        return reached.order_by("ends_on", _IS_FREE, "is_add_on", "pk")


class Subscription(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="subscriptions")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="subscriptions")
    # None for a complimentary period.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="subscriptions")
    market = models.ForeignKey(Market, on_delete=models.PROTECT)
    status = models.CharField(max_length=16, choices=[(status, status) for status in Status])
    # The form that ordered it: sending it twice orders once.
    order_key = models.UUIDField()
    ordered_at = models.DateTimeField()
    # The words beside the button that obliges to pay, and the Terms accepted then: the contract copies them (S10).
    order_text = models.TextField(blank=True)
    terms_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, null=True, blank=True)
    activated_on = models.DateField()
    trial_months = models.PositiveSmallIntegerField(default=0)
    term_months = models.PositiveSmallIntegerField(default=0)
    # What was agreed (S10): the price and the rate of this contract, whatever the catalogue says later.
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    # How the rate was found when it was agreed (rules/vat.py): documents copy it.
    vat_country = models.CharField(max_length=2, blank=True)
    vat_category = models.CharField(max_length=2, default=STANDARD)
    vat_reason = models.CharField(max_length=160, blank=True)
    vat_evidence = models.JSONField(default=list, blank=True)
    vat_review = models.CharField(max_length=16, blank=True, choices=REVIEWS)
    # Charge k of S5 is the next one to be paid.
    periods_paid = models.PositiveIntegerField(default=0)
    # The due date of charge `periods_paid`; None once nothing renews.
    next_charge_on = models.DateField(null=True, blank=True)
    # The day of its next try: the charge date itself, later after a failure; None while nothing is to be tried.
    next_try_on = models.DateField(null=True, blank=True)
    tries_used = models.PositiveSmallIntegerField(default=0)
    # The bank wants the customer to confirm on this card (P8), so it is not tried without them.
    unconfirmed_card = models.ForeignKey(
        "subscriptions.PaymentCard", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # The first day without service.
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=[(reason, reason) for reason in EndReason])
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "package"], condition=Q(status__in=_LIVE), name="subscription_one_live_per_package"
            ),
            models.UniqueConstraint(fields=["account", "order_key"], name="subscription_ordered_once"),
            models.CheckConstraint(
                condition=Q(next_try_on__isnull=True) | Q(status__in=sorted(CHARGEABLE), ends_on__isnull=True),
                name="subscription_charged_only_while_it_renews",
            ),
            models.CheckConstraint(
                condition=Q(next_try_on__isnull=True) | Q(next_try_on__gte=models.F("next_charge_on")),
                name="subscription_never_tried_early",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=True, status__in=[Status.COMPLIMENTARY, Status.ENDED]) | Q(plan__isnull=False),
                name="subscription_paid_ones_have_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(status=Status.ENDED), name="subscription_ended_has_status"
            ),
            models.CheckConstraint(condition=Q(tries_used__lte=3), name="subscription_three_tries"),
        ]
        indexes = [
            models.Index(fields=["next_try_on"], condition=Q(next_try_on__isnull=False), name="subscription_due"),
            models.Index(
                fields=["ends_on"],
                condition=Q(ends_on__isnull=False, status__in=_LIVE),
                name="subscription_end_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.public_id}"

    def move_to(self, status: Status) -> None:
        """Changes the status by the table; the caller holds the row's lock and saves."""
        check_move(Status(self.status), status)
        self.status = status

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_in_service(self) -> bool:
        return self.status in IN_SERVICE

    @property
    def is_complimentary(self) -> bool:
        return self.plan_id is None

    @property
    def term(self) -> str:
        return self.plan.term if self.plan else ""

    @property
    def is_in_trial(self) -> bool:
        return self.status == Status.TRIAL

    @property
    def is_past_due(self) -> bool:
        return self.status == Status.PAST_DUE

    @property
    def is_pending(self) -> bool:
        return self.status == Status.PENDING

    @property
    def is_ending(self) -> bool:
        """A customer's own end is set, and has not come yet."""
        return self.is_live and self.ends_on is not None and not self.is_complimentary

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_in_service and (self.is_complimentary or self.ends_on is None)

    @property
    def may_run_out(self) -> bool:
        """A paid month that could be used up instead of being given away (X3, X7)."""
        return self.status == Status.PAID and self.term_months == 1 and self.ends_on is None

    def charge_date(self, index: int) -> date:
        """S5: the date of charge `index`."""
        return charge_on(
            activated_on=self.activated_on,
            trial_months=self.trial_months,
            term_months=self.term_months,
            index=index,
        )

    @property
    def standing(self) -> Standing:
        """What the rules of cancelling need to know. The price of a running contract never changes (S10)."""
        return Standing(
            status=Status(self.status),
            activated_on=self.activated_on,
            trial_months=self.trial_months,
            term_months=self.term_months,
            periods_paid=self.periods_paid,
            paid=self.price,
            next_charge_on=self.next_charge_on,
        )


class Contract(models.Model):
    """What was agreed on ordering, kept for ever (S10)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.OneToOneField(Subscription, on_delete=models.PROTECT, related_name="contract")
    number = models.CharField(max_length=20, unique=True)
    ordered_at = models.DateTimeField()
    terms_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT)
    language = models.CharField(max_length=5)
    # Package, plan, price, VAT, dates: amounts and dates as strings.
    agreed = models.JSONField()
    # The very words next to the button that obliges to pay.
    order_text = models.TextField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class TrialUse(models.Model):
    """The free month is given once per package and account, for ever (S3)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trials_used")
    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "package"], name="trial_once_per_package")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.package_id}"


class WithdrawalUse(models.Model):
    """The right to withdraw with a refund is given once per account (X5)."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="withdrawal_use")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)
