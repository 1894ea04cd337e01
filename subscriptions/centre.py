"""The Connected Services Centre's view of a car: each package with its state, dates, prices and next step (C1)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from accounts import pausing
from garage.models import Membership, Vehicle
from garage.registry.port import RegistryCar
from portal.models import Market
from subscriptions.actions.entitle import packages_tried
from subscriptions.free_periods import free_period, start_of_plan
from subscriptions.models import Package, Plan, Subscription
from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.offer import OfferState, offer_state
from subscriptions.rules.periods import Period
from subscriptions.suiting import missing_for, services_without


@dataclass(frozen=True, kw_only=True)
class Offer:
    package: Package
    state: OfferState
    plans: list[Plan]
    missing: list[Missing]
    subscription: Subscription | None
    # Ordered ahead: it starts when the free period ends.
    ordered_ahead: Subscription | None
    # The day on which a plan that is ordered today starts; None while it cannot be ordered (C4).
    starts_on: date | None
    free_period: Period | None
    gives_trial: bool
    # Services of the package that do not work on this car, and why (C2).
    without: dict[int, list[Missing]]

    @property
    def is_orderable(self) -> bool:
        return bool(self.plans) and (self.state is OfferState.AVAILABLE or self.is_orderable_ahead)

    @property
    def is_orderable_ahead(self) -> bool:
        """C4: its free period runs, and the plan that follows it can be chosen already."""
        is_free = self.state in {OfferState.INCLUDED, OfferState.COMPLIMENTARY}
        return is_free and self.starts_on is not None and self.ordered_ahead is None and bool(self.plans)

    @property
    def is_included(self) -> bool:
        return self.state is OfferState.INCLUDED

    @property
    def is_paused(self) -> bool:
        return self.state is OfferState.PAUSED

    @property
    def is_unavailable(self) -> bool:
        return self.state is OfferState.UNAVAILABLE

    @property
    def lowest_price(self) -> Plan | None:
        return min(self.plans, key=lambda plan: plan.price, default=None)

    @property
    def has_been_free(self) -> bool:
        """The free years are over: what follows costs, or nothing follows."""
        return self.state is OfferState.AVAILABLE and self.free_period is not None


def offers_for(membership: Membership, *, today: date) -> list[Offer]:
    """Every package for the membership's car, in the catalogue's order. A fixed number of queries."""
    market = membership.account.market
    paused = is_paused(membership, today=today)
    live = list(Subscription.objects.live().filter(vehicle=membership.vehicle).select_related("plan"))
    running = {row.package_id: row for row in live if not row.is_scheduled}
    ahead = {row.package_id: row for row in live if row.is_scheduled}
    tried = packages_tried(membership.account)
    return [
        _offer(
            package,
            market=market,
            vehicle=membership.vehicle,
            running=running.get(package.pk),
            ahead=ahead.get(package.pk),
            has_tried=package.pk in tried,
            today=today,
            paused=paused,
        )
        for package in packages_of(market)
    ]


def offer_for(membership: Membership, package_code: str, *, today: date) -> Offer | None:
    """The same for one package; None where there is no such package."""
    return next((offer for offer in offers_for(membership, today=today) if offer.package.code == package_code), None)


def is_paused(membership: Membership, *, today: date) -> bool:
    """A2: whether the car's connected services wait for the account that controls them to accept the Terms."""
    if membership.is_active:
        return pausing.is_paused(membership.account, today=today)
    active = Membership.objects.current().filter(vehicle=membership.vehicle_id, is_active=True)
    return active.filter(account__in=pausing.paused_accounts(today)).exists()


def packages_of(market: Market) -> QuerySet[Package]:
    """The whole catalogue in its order, each package with its services and with its plans on offer in the market."""
    plans = Plan.objects.on_offer().filter(market=market).order_by("price")
    packages = Package.objects.order_by("position", "pk")
    packages = packages.select_related("base")
    return packages.prefetch_related("services", "discontinuations", Prefetch("plans", queryset=plans))


def missing_of(package: Package, car: Vehicle | RegistryCar, *, market: Market) -> list[Missing]:
    """C2: all that stands against the package for that car. `package` comes from `packages_of` the market."""
    return missing_for(package, car, market, is_sold=is_sold(package, market))


def is_sold(package: Package, market: Market) -> bool:
    """Whether the market has it in any way. `package` comes from `packages_of` the market."""
    if package.is_left_out(market):
        return False
    return package.is_standard or bool(package.free_months_in(market)) or bool(package.plans.all())


def _offer(
    package: Package,
    *,
    market: Market,
    vehicle: Vehicle,
    running: Subscription | None,
    ahead: Subscription | None,
    has_tried: bool,
    today: date,
    paused: bool,
) -> Offer:
    if running and running.ends_on and running.ends_on <= today:
        # Its end has come; the run that says so has not.
        running = None
    if running is None and ahead and ahead.activated_on <= today:
        running, ahead = ahead, None
    plans = list(package.plans.all())
    period = free_period(vehicle, package, market)
    missing = missing_of(package, vehicle, market=market)
    state = offer_state(
        missing=missing,
        is_standard=package.is_standard,
        running=Status(running.status) if running else None,
        is_ending=bool(running and running.is_ending),
        is_in_free_period=period is not None and today in period,
        is_paused=paused,
    )
    return Offer(
        package=package,
        state=state,
        plans=plans,
        missing=missing,
        subscription=running,
        ordered_ahead=ahead,
        starts_on=start_of_plan(vehicle, package, market, today=today),
        free_period=period,
        gives_trial=package.gives_trial and not has_tried,
        without=services_without(package, vehicle, market),
    )
