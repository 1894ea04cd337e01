"""What a car can have and what stands against it (C2), on the car's page in the admin: the same rule, the same words.

The page is a template of the roof, so that the garage need know nothing of the apps above it.
"""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.models import Membership, Vehicle
from portal.desk import Panel
from portal.models import Market
from portal.templatetags.frame import day_in_words
from subscriptions.admin import words
from subscriptions.centre.free_periods import free_period
from subscriptions.centre.packages import missing_of, packages_of
from subscriptions.centre.suiting import services_without
from subscriptions.models import Package
from subscriptions.words.reasons import MISSING

register = template.Library()


@register.inclusion_tag("admin/garage/vehicle/_packages.html")
def packages_of_car(vehicle: Vehicle, user: Account | AnonymousUser) -> dict[str, Any]:
    """A table for each country of an account that has the car; of the car's own where nobody has it."""
    may_see = user.has_perm("subscriptions.view_package")
    return {"panels": [_panel(vehicle, market) for market in _markets(vehicle)] if may_see else []}


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
