"""What a car can have and what stands against it (C2), on its page at the desk: the same rule, the same words."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from garage.models import Membership, Vehicle
from portal.desk import pages as desk
from portal.desk.pages import Button, Panel
from portal.models import Market
from portal.templatetags.frame import day_in_words
from subscriptions.admin import words
from subscriptions.centre.free_periods import free_period
from subscriptions.centre.packages import missing_of, packages_of
from subscriptions.centre.suiting import services_without
from subscriptions.models import Package
from subscriptions.words.reasons import MISSING


@desk.beside
def packages_of_car(page: Any, request: HttpRequest, row: Any) -> tuple[list[Panel], list[Button]]:
    """A table for each country of an account that has the car; of the car's own where nobody has it."""
    if not isinstance(row, Vehicle) or not request.user.has_perm("subscriptions.view_package"):  # type: ignore[union-attr]
        return [], []
    return [_panel(row, market) for market in _markets(row)], []


def _markets(vehicle: Vehicle) -> list[Market]:
    held = Membership.objects.current().filter(vehicle=vehicle).values("account__market")
    markets = Market.objects.select_related("brand").order_by("code")
    return list(markets.filter(pk__in=held) or markets.filter(code=vehicle.market_code))


def _panel(vehicle: Vehicle, market: Market) -> Panel:
    rows = [_row(package, vehicle, market) for package in packages_of(market)]
    headings = [_("Package"), _("Can it have it?"), _("What stands against it"), _("Services of it that do not work")]
    title = _("Packages for this car, for an account of %(market)s") % {"market": market.name}
    return Panel(title=title, headings=[*headings, _("Free years until")], rows=rows)


def _row(package: Package, vehicle: Vehicle, market: Market) -> list[Any]:
    missing = missing_of(package, vehicle, market=market)
    without = services_without(package, vehicle, market)
    services = [
        f"{service.name}: {' '.join(str(MISSING[reason]) for reason in without[service.pk])}"
        for service in package.services.all()
        if service.pk in without
    ]
    period = free_period(vehicle, package, market)
    return [
        words.link(package, package.name),
        _("no") if missing else _("yes"),
        " ".join(str(MISSING[reason]) for reason in missing),
        "; ".join(services),
        day_in_words(period.end_on) if period else "",
    ]
