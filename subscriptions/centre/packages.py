"""The Connected Services Centre's view of a car: each package with its state, dates, prices and next step (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts import pausing
from garage.models import Membership, Vehicle
from garage.registry.port import RegistryCar
from portal.models import Market
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given, written
from subscriptions.actions.entitle import is_tried_by, may_carry
from subscriptions.centre.free_periods import free_period, start_of_plan
from subscriptions.centre.priced import Priced, priced_contract, priced_plans
from subscriptions.centre.selling_channels import is_sold_in_portal
from subscriptions.centre.suiting import missing_for, services_without
from subscriptions.models import Package, Plan, Service, Subscription
from subscriptions.rules.complimentary import complimentary_months, months_passed
from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.offer import OfferState, offer_state
from subscriptions.rules.periods import Period


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
    market: Market
    # The first day without it, where it was had or free before (C1).
    ended_on: date | None = None
    # Months of the free period that are over, and all that it has (C4).
    free_months_passed: int = 0
    free_months: int = 0
    # An add-on's base goes on, or it needs none (S12).
    has_base: bool = True

    @property
    def is_orderable(self) -> bool:
        is_now = self.state in {OfferState.AVAILABLE, OfferState.EXPIRED}
        return bool(self.plans) and (is_now or self.is_orderable_ahead)

    @property
    def is_orderable_ahead(self) -> bool:
        """C4: its free period runs or comes, and the plan that follows it can be chosen already."""
        is_free = self.state in {OfferState.INCLUDED, OfferState.INCLUDED_LATER, OfferState.COMPLIMENTARY}
        return is_free and self.starts_on is not None and self.ordered_ahead is None and bool(self.plans)

    @property
    def is_expired(self) -> bool:
        return self.state is OfferState.EXPIRED

    @property
    def is_sold_in_portal(self) -> bool:
        return is_sold_in_portal(self.package, self.market)

    @property
    def is_in_free_period(self) -> bool:
        """Included and not taken up yet, or taken up."""
        return self.is_included or bool(self.subscription and self.subscription.is_complimentary)

    @property
    def prices(self) -> list[Priced]:
        """What can be ordered, now or after the free years; of what is paid for, its own."""
        own = priced_contract(self.subscription) if self.subscription else None
        return [own] if own else priced_plans(self.plans)

    @property
    def is_included(self) -> bool:
        return self.state is OfferState.INCLUDED

    @property
    def is_included_later(self) -> bool:
        return self.state is OfferState.INCLUDED_LATER

    @property
    def is_paused(self) -> bool:
        return self.state is OfferState.PAUSED

    @property
    def waits_for_car(self) -> bool:
        """C1: it is being activated in the car."""
        return self.subscription is not None and self.subscription.waits_for_car and not self.is_paused

    @property
    def is_unavailable(self) -> bool:
        return self.state is OfferState.UNAVAILABLE


def offers_for(membership: Membership, *, today: date) -> list[Offer]:
    """Every package for the membership's car, in the catalogue's order. Two queries."""
    market = membership.account.market
    paused = is_paused(membership, today=today)
    live = _live(membership, today=today)
    begun = {row.package_id: row for row in live if row.is_scheduled and row.activated_on <= today}
    running = begun | {row.package_id: row for row in live if not row.is_scheduled}
    ahead = {row.package_id: row for row in live if row.is_scheduled and row not in running.values()}
    known = {"market": market.pk, "account": membership.account_id, "vehicle": membership.vehicle_id}
    packages = {package.pk: package for package in _packages_with_past(**known, today=today)}
    return [
        _offer(
            package,
            market=market,
            vehicle=membership.vehicle,
            running=running.get(package.pk),
            ahead=ahead.get(package.pk),
            ended_on=package.was_without_from,
            has_base=_has_base(packages.get(package.base_id or 0), running, membership, today=today),
            has_tried=package.was_tried,
            today=today,
            paused=paused,
        )
        for package in packages.values()
    ]


def _live(membership: Membership, *, today: date) -> list[Subscription]:
    """Without one whose end has come, and the run that says so has not. An order whose day has come has begun."""
    rows = _live_on(vehicle=membership.vehicle_id)
    return [row for row in rows if row.ends_on is None or row.ends_on > today]


@written
def _live_on(*, vehicle: Given) -> QuerySet[Any]:
    return with_rows(
        Subscription.objects.live().filter(vehicle=vehicle).select_related("plan").with_car(), "amendments"
    )


@written
def _packages_with_past(*, market: Given, account: Given, vehicle: Given, today: Given) -> QuerySet[Any]:
    """Of each the last day from which the account was without it on this car, and whether it had its free month."""
    own = Subscription.objects.filter(account=account, vehicle=vehicle, package=OuterRef("pk"), ends_on__lte=today)
    own = own.exclude(status__in=(Status.PENDING, Status.ABANDONED)).order_by("-ends_on")
    packages = _catalogue(market)
    return packages.annotate(was_without_from=Subquery(own.values("ends_on")[:1]), was_tried=is_tried_by(account))


def _has_base(
    base: Package | None, running: Mapping[int, Subscription], membership: Membership, *, today: date
) -> bool:
    """S12, as the action decides it, from what was read already. Of no base: True."""
    if base is None:
        return True
    row = running.get(base.pk)
    if row is None or base.discontinued_on(membership.account.market_id) is not None:
        return False
    return row.account_id == membership.account_id and row.is_in_service and may_carry(row, today=today)


def offer_for(membership: Membership, package_code: str, *, today: date) -> Offer | None:
    """The same for one package; None where there is no such package."""
    return next((offer for offer in offers_for(membership, today=today) if offer.package.code == package_code), None)


def is_paused(membership: Membership, *, today: date) -> bool:
    """A2: whether the car's connected services wait for the account that controls them to accept the Terms."""
    if membership.is_active:
        return pausing.is_paused(membership.account, today=today)
    active = Membership.objects.current().filter(vehicle=membership.vehicle_id, is_active=True)
    return active.filter(account__in=pausing.paused_accounts(today)).exists()


def packages_of(market: Market) -> list[Package]:
    """The whole catalogue in its order, each package with its services and with its plans on offer in the market.

    One query.
    """
    return _packages(market=market.pk)


@written
def _packages(*, market: Given) -> QuerySet[Package]:
    return _catalogue(market)


def _catalogue(market: Given) -> QuerySet[Package]:
    plans = Plan.objects.on_offer().filter(market=market).order_by("price")
    packages = Package.objects.select_related("base").order_by("position", "pk")
    return with_rows(packages, "discontinuations", services=Service.objects.order_by("pk"), plans=plans)


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
    ended_on: date | None,
    has_base: bool,
    has_tried: bool,
    today: date,
    paused: bool,
) -> Offer:
    plans = list(package.plans.all())
    period = free_period(vehicle, package, market)
    missing = missing_of(package, vehicle, market=market)
    is_over = period is not None and period.end_on <= today
    ended_on = max(filter(None, [ended_on, period.end_on if period and is_over else None]), default=None)
    state = offer_state(
        missing=missing,
        is_standard=package.is_standard,
        running=Status(running.status) if running else None,
        is_ending=bool(running and running.is_ending),
        is_in_free_period=period is not None and today in period,
        is_free_later=period is not None and today < period.start_on,
        has_ended=ended_on is not None,
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
        market=market,
        ended_on=ended_on,
        free_months_passed=months_passed(period, today=today) if period else 0,
        free_months=complimentary_months(package.free_months_in(market), vehicle.multimedia),
        has_base=has_base,
    )
