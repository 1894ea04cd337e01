"""What the demo's cars last reported, as their backend would have sent it (G10)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.dealers import prefer_dealer
from accounts.models import Dealer
from garage.actions.report import take_reports
from garage.models import Membership
from garage.models.vehicle import Powertrain
from garage.registry import get_registry
from garage.rules.reports import AlertReport, PrivacyReport, Report, StateReport

# His car lost air on its last trip; whom to call stands beside it.
WITH_A_LIGHT = "andreas@example.com"
LIGHT = "tyre_pressure"
# So many hours ago cars reported, one after the other; one of them is silent.
HOURS = (2, 5, 9, 26, 7 * 24)


class Command(BaseCommand):
    help = "Lets each of the demo's cars that somebody has control of report its state, and one a warning light."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample reports belong to a demo.")
        now = timezone.now()
        links = Membership.objects.current().filter(is_active=True).select_related("account__market", "vehicle")
        reports = [
            report for number, link in enumerate(links.order_by("pk")) for report in reports_of(link, number, now=now)
        ]
        for link in links.filter(account__email=WITH_A_LIGHT, account__preferred_dealer__isnull=True):
            dealer = Dealer.objects.filter(market=link.account.market, is_active=True).order_by("pk").first()
            prefer_dealer(account=link.account, dealer=dealer, now=now, by=link.account)
        take_reports(reports=dict(enumerate(reports)), now=now)


def reports_of(link: Membership, number: int, *, now: datetime) -> Iterator[Report]:
    at = now - timedelta(hours=HOURS[number % len(HOURS)])
    common: dict[str, Any] = {"vin": link.vehicle.vin, "at": at}
    is_warned = link.account.email == WITH_A_LIGHT
    yield StateReport(id="sample-state", values=values_of(link, number, is_warned=is_warned), **common)
    yield PrivacyReport(id="sample-privacy", is_on=number % 4 == 3, source="car", **common)
    if is_warned:
        yield AlertReport(id="sample-light", alert="warning_light", details=(LIGHT,), **common)
        earlier = common | {"at": at - timedelta(days=1)}
        yield AlertReport(id="sample-window", alert="window_open", details=("rear_left",), **earlier)


def values_of(link: Membership, number: int, *, is_warned: bool) -> dict[str, Any]:
    """Plausible, and different from car to car; the odometer is the registry's."""
    reading = get_registry().odometer(link.vehicle.vin)
    level = 35 + number * 17 % 60
    values: dict[str, Any] = {
        "odometer_km": reading.km if reading else None,
        "battery_volts": Decimal("12.40") + Decimal(number % 4) / 10,
        "doors_open": [],
        "doors_unlocked": ["rear_right"] if number % 5 == 4 else [],
        "windows_open": [],
        "is_boot_open": False,
        "is_hood_open": False,
        "lights_on": [],
        "warning_lights": [LIGHT] if is_warned else [],
        "tyre_front_left_kpa": 235,
        "tyre_front_right_kpa": 235,
        "tyre_rear_left_kpa": 175 if is_warned else 230,
        "tyre_rear_right_kpa": 230,
    }
    if link.vehicle.powertrain != Powertrain.ELECTRIC:
        values |= {"fuel_percent": level, "fuel_range_km": level * 8}
    if link.vehicle.powertrain in (Powertrain.ELECTRIC, Powertrain.PLUG_IN):
        km_full = 4 if link.vehicle.powertrain == Powertrain.ELECTRIC else 1
        values |= {"charge_percent": level, "charge_range_km": level * km_full}
    return values
