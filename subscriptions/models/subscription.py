"""An account's enrolment of one vehicle in one package: its dates, its state, and what is agreed for each charge."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Greatest
from django.utils.functional import cached_property

from accounts.models import Dealer, TermsVersion
from accounts.pausing import paused_accounts
from garage.models import Membership, Vehicle
from portal.models import Market
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given
from subscriptions.models.catalogue import Discontinuation, Package, Plan
from subscriptions.models.pricing import ContractAmendment, PriceOffer
from subscriptions.models.provisioning import Provisioning
from subscriptions.models.wallet import PaymentCard
from subscriptions.rules.cancellation import Standing
from subscriptions.rules.lifecycle import (
    CHARGEABLE,
    CONCLUDED,
    IN_SERVICE,
    LIVE,
    TO_CONFIRM,
    EndReason,
    Status,
    check_move,
)
from subscriptions.rules.periods import charge_on
from subscriptions.rules.pricing import Agreed, agreed_for
from subscriptions.rules.provisioning import State, Switch
from subscriptions.rules.vat import STANDARD, Review

_LIVE = sorted(LIVE)
# One that was ordered ahead stands beside the free period that it follows.
_BEGUN = sorted(LIVE - {Status.SCHEDULED})
REVIEWS = [(review, review.replace("_", " ")) for review in Review if review]
_IS_ADD_ON = models.ExpressionWrapper(Q(package__base__isnull=False), output_field=models.BooleanField())
_IS_FREE = models.ExpressionWrapper(Q(plan__isnull=True), output_field=models.BooleanField())
# Charges that are due on the same day; see `with_turn`.
TURN = ("turn", "is_add_on", "pk")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> "SubscriptionQuerySet":
        return self.filter(status__in=_LIVE)

    def begun(self) -> "SubscriptionQuerySet":
        """Live ones without those that were ordered ahead."""
        return self.filter(status__in=_BEGUN)

    def ordered_ahead(self) -> "SubscriptionQuerySet":
        """Those that wait for the free period's end (C4)."""
        return self.filter(status=Status.SCHEDULED)

    def due(self, today: date | Given) -> "SubscriptionQuerySet":
        """Those with a charge or a retry to make, in the order in which the run makes them (rehearsal.md)."""
        chargeable = self.filter(~_unaccepted(), ~_gone_by(today), ~_paused(today), next_try_on__lte=today)
        return chargeable.with_turn().order_by("next_charge_on", *TURN)

    def with_agreements(self) -> "SubscriptionQuerySet":
        """With what `standing` and the prices are read from. Three queries more, however many rows there are."""
        return self.prefetch_related("amendments", "price_offers", "package__discontinuations")

    def with_agreements_inside(self) -> "SubscriptionQuerySet":
        """The same for pages, with their package. No query more; never of rows that are being locked."""
        return with_rows(self, "amendments", "price_offers", "package__discontinuations")

    def with_car(self) -> "SubscriptionQuerySet":
        """With what the car has still to switch on, if anything, for `waits_for_car`. No query more."""
        on = Provisioning.objects.open().filter(subscription=models.OuterRef("pk"), switch=Switch.ON)
        return self.annotate(
            car_asked_at=models.Subquery(on.values("asked_at")[:1]), car_state=models.Subquery(on.values("state")[:1])
        )

    def add_ons_first(self) -> "SubscriptionQuerySet":
        """In the order in which they leave with their car (rehearsal.md)."""
        return self.annotate(is_add_on=_IS_ADD_ON).order_by("-is_add_on", "pk")

    def bases_first(self) -> "SubscriptionQuerySet":
        """In the order in which several are locked."""
        return self.annotate(is_add_on=_IS_ADD_ON).order_by("is_add_on", "pk")

    def with_turn(self) -> "SubscriptionQuerySet":
        """Annotates what `TURN` sorts by: the order of subscribing, an add-on right after its base if that is later."""
        base = Subscription.objects.begun().filter(
            account=models.OuterRef("account"),
            vehicle=models.OuterRef("vehicle"),
            package=models.OuterRef("package__base"),
        )
        return self.annotate(turn=Greatest("pk", models.Subquery(base.values("pk")[:1])), is_add_on=_IS_ADD_ON)

    def end_reached(self, today: date | Given) -> "SubscriptionQuerySet":
        """Live ones whose end date has come: bases, add-ons, then complimentary ones of the same day (rehearsal.md)."""
        reached = self.filter(status__in=_BEGUN, ends_on__lte=today).annotate(is_add_on=_IS_ADD_ON)
        return reached.order_by("ends_on", _IS_FREE, "is_add_on", "pk")


def _unaccepted() -> Exists:
    """S10: the next charge is offered at a new price that nobody has accepted."""
    offers = PriceOffer.objects.filter(subscription=models.OuterRef("pk"), period_index=models.OuterRef("periods_paid"))
    return Exists(offers.filter(amendment__isnull=True))


def _gone_by(today: date | Given) -> Exists:
    """S10: the package is discontinued, and its day has come."""
    ended = Discontinuation.objects.filter(ends_on__lte=today)
    return Exists(ended.filter(package=models.OuterRef("package"), market=models.OuterRef("market")))


def _paused(today: date | Given) -> Exists:
    """A2: while its account's services pause for the Terms nothing is charged."""
    return Exists(paused_accounts(today).filter(pk=models.OuterRef("account_id")))


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
    # The dealer who helped with the purchase, if the customer named one (S2).
    referred_dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
    # Of the running period's payment, by staff (K3): it leaves so much less for the refunds of X4 and X5.
    given_back = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal("0.00"))
    # The due date of charge `periods_paid`; None once nothing renews.
    next_charge_on = models.DateField(null=True, blank=True)
    # The day of its next try: the charge date itself, later after a failure; None while nothing is to be tried.
    next_try_on = models.DateField(null=True, blank=True)
    tries_used = models.PositiveSmallIntegerField(default=0)
    # The bank wants the customer to confirm on this card (P8); that it is so on more than one, their payments say.
    unconfirmed_card = models.ForeignKey(
        "subscriptions.PaymentCard", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # The first day without service.
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=[(reason, reason) for reason in EndReason])
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    # False where it is known that the price of the order has never been changed.
    is_amended = True
    # False where it is known that no new price was ever offered.
    has_offers = True
    # Of those read by `with_car`: since when the car is asked to switch it on, and whether it has failed to.
    car_asked_at: datetime | None = None
    car_state: str | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "package"], condition=Q(status__in=_BEGUN), name="subscription_one_live_per_package"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "package"],
                condition=Q(status=Status.SCHEDULED),
                name="subscription_one_ordered_ahead",
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
                condition=Q(referred_dealer__isnull=True) | Q(plan__isnull=False),
                name="subscription_referred_ones_are_ordered",
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
                condition=Q(ends_on__isnull=False, status__in=_BEGUN),
                name="subscription_end_reached",
            ),
            models.Index(fields=["activated_on"], condition=Q(status=Status.SCHEDULED), name="subscription_to_start"),
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
    def waits_for_car(self) -> bool:
        """It is in service, and the car has not switched it on yet (C1)."""
        return self.car_asked_at is not None and self.is_in_service

    @property
    def has_car_failed(self) -> bool:
        return self.waits_for_car and self.car_state == State.FAILED

    @property
    def is_scheduled(self) -> bool:
        """Ordered ahead, and not begun."""
        return self.status == Status.SCHEDULED

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
        return self.status in CONCLUDED and (self.is_complimentary or self.ends_on is None)

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

    def is_to_confirm_on(self, card: PaymentCard) -> bool:
        """P8: the bank wants the customer to confirm the period that is due on this card. A try on another card in
        between does not lift it: only the customer does, or a charge that succeeds."""
        if self.unconfirmed_card_id is None:
            return False
        asked_on = self.payments.filter(period_index=self.periods_paid, reason__in=TO_CONFIRM)
        return card.pk == self.unconfirmed_card_id or asked_on.filter(card=card).exists()

    @cached_property
    def car_reference(self) -> str:
        """What the account calls the car in its books now, if anything; read by `locking.lock_all` already (I5)."""
        links = Membership.objects.filter(account=self.account_id, vehicle=self.vehicle_id)
        newest = links.order_by("-linked_at", "-pk")
        return newest.values_list("invoice_reference", flat=True).first() or ""

    # Prices (S10): `price` and `vat_rate` are those of the order; amendments hold from their own charge on.

    def agreed_for(self, index: int) -> Agreed:
        """The price and VAT rate that are agreed for charge `index`."""
        return agreed_for(index, ordered=self._ordered, accepted=self._accepted)

    @property
    def amendments_to_come(self) -> list[ContractAmendment]:
        """What was agreed for charges that are still to be made, in the order in which it holds."""
        coming = [each for each in self.amendments.all() if each.first_index >= max(self.periods_paid, 1)]
        return sorted(coming, key=lambda each: each.first_index)

    @property
    def running_price(self) -> Decimal:
        """Of the period that runs, which was paid; before the first charge, that of the first."""
        return self.agreed_for(max(self.periods_paid - 1, 0)).price

    @property
    def next_price(self) -> Decimal:
        """What the next charge takes."""
        return self.agreed_for(self.periods_paid).price

    @property
    def open_offer(self) -> PriceOffer | None:
        """A new price that waits for the customer's answer: unaccepted, it ends on the day of its charge."""
        if not self.has_offers or self.next_charge_on is None or not self.is_live:
            return None
        accepted = {amendment.offer_id for amendment in self.amendments.all()}
        waiting = [offer for offer in self.price_offers.all() if offer.pk not in accepted]
        return min(waiting, key=lambda offer: offer.period_index, default=None)

    @property
    def discontinued_on(self) -> date | None:
        """The day on which its package ends, if the brand has discontinued it."""
        return self.package.discontinued_on(self.market_id)

    @property
    def stops_on(self) -> date | None:
        """From this day on nothing is charged and there is no service, as things stand; None while it goes on."""
        offer = self.open_offer
        days = [offer.charge_on if offer else None, self.discontinued_on]
        return min((day for day in days if day), default=None)

    def has_stopped(self, today: date) -> bool:
        """Whether that day has come: an end that the run is about to meet, before anything is charged."""
        return self.stops_on is not None and self.stops_on <= today

    def was_stopped_by(self, today: date) -> bool:
        """The same of the charge that is due, from what `locking.standing_of` has read."""
        gone_on: date | None = self.gone_on  # type: ignore[attr-defined]
        is_unaccepted: bool = self.is_unaccepted  # type: ignore[attr-defined]
        terms_due_on: date | None = self.terms_due_on  # type: ignore[attr-defined]
        is_paused = terms_due_on is not None and terms_due_on < today
        return is_unaccepted or is_paused or (gone_on is not None and gone_on <= today)

    @property
    def _ordered(self) -> Agreed:
        return Agreed(price=self.price, vat_rate=self.vat_rate)

    @property
    def _accepted(self) -> list[Agreed]:
        if not self.is_amended:
            return []
        return [
            Agreed(price=amendment.price, vat_rate=amendment.vat_rate, first_index=amendment.first_index)
            for amendment in self.amendments.all()
        ]

    @property
    def standing(self) -> Standing:
        """What the rules of cancelling need to know. Three queries where the agreements were not prefetched."""
        return Standing(
            status=Status(self.status),
            activated_on=self.activated_on,
            trial_months=self.trial_months,
            term_months=self.term_months,
            periods_paid=self.periods_paid,
            paid=self.running_price,
            given_back=self.given_back,
            next_charge_on=self.next_charge_on,
            later=tuple(new for new in self._accepted if new.first_index >= max(self.periods_paid, 1)),
            stops_on=self.stops_on,
        )
