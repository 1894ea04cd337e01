"""Services and prices of a market, for everybody (C8). No query but those of `packages_of`."""

from collections.abc import Iterable
from dataclasses import dataclass

from garage.portrait import Fact
from portal.models import Market
from subscriptions.centre.packages import is_sold, packages_of
from subscriptions.centre.priced import Priced, priced_plans
from subscriptions.centre.selling_channels import is_sold_in_portal
from subscriptions.models import Package
from subscriptions.words.packages import free_years_of, needs_of


@dataclass(frozen=True, kw_only=True)
class PricedPackage:
    package: Package
    market: Market
    plans: list[Priced]
    add_ons: list[Package]

    @property
    def needs(self) -> list[Fact]:
        return needs_of(self.package)

    @property
    def is_app_only(self) -> bool:
        """C8: the market sells it in the app alone, and other packages here as well."""
        return self.market.sells_in_portal and not is_sold_in_portal(self.package, self.market)

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
    return PricedPackage(
        package=package,
        market=market,
        plans=priced_plans(package.plans.all()),
        add_ons=[other for other in offered if other.base_id == package.pk],
    )
