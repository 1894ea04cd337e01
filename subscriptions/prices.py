"""Services and prices of a market, for everybody (C8). No query but those of `packages_of`."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from garage.portrait import Fact
from portal.models import Market
from subscriptions.centre import is_sold, packages_of
from subscriptions.models import Package, Plan
from subscriptions.package_words import free_years_of, needs_of
from subscriptions.rules.pricing import per_month


@dataclass(frozen=True, kw_only=True)
class PricedPlan:
    plan: Plan

    @property
    def per_month(self) -> Decimal:
        return per_month(self.plan.price, term_months=self.plan.term_months)


@dataclass(frozen=True, kw_only=True)
class PricedPackage:
    package: Package
    market: Market
    plans: list[PricedPlan]
    add_ons: list[Package]

    @property
    def needs(self) -> list[Fact]:
        return needs_of(self.package)

    @property
    def free_years(self) -> list[str]:
        return free_years_of(self.package, self.market)


def priced_packages(market: Market) -> list[PricedPackage]:
    """What can be had in the market, in the catalogue's order; what is discontinued there is left out (S10)."""
    offered = [package for package in packages_of(market) if _is_offered(package, market)]
    return [_priced(package, market, offered) for package in offered]


def _is_offered(package: Package, market: Market) -> bool:
    return is_sold(package, market) and package.discontinued_on(market.pk) is None


def _priced(package: Package, market: Market, offered: Iterable[Package]) -> PricedPackage:
    plans = sorted(package.plans.all(), key=lambda plan: plan.term_months)
    return PricedPackage(
        package=package,
        market=market,
        plans=[PricedPlan(plan=plan) for plan in plans],
        add_ons=[other for other in offered if other.base_id == package.pk],
    )
