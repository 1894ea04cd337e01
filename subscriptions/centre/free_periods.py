"""The free period of a package on a car, and what may follow it (C4)."""

from datetime import date

from garage.models import Vehicle
from garage.rules.warranty import warranty_start
from portal.models import Market
from subscriptions.models import Package
from subscriptions.rules.complimentary import complimentary_months, complimentary_period, plan_starts_on
from subscriptions.rules.periods import Period


def free_period(vehicle: Vehicle, package: Package, market: Market) -> Period | None:
    """C4: the complimentary period of a package on a car, taken up or not."""
    start = warranty_start(
        warranty_start=vehicle.warranty_start,
        purchased_on=vehicle.purchased_on,
        first_registered_on=vehicle.first_registered_on,
    )
    months = complimentary_months(package.free_months_in(market), vehicle.multimedia)
    return complimentary_period(free_years_start_on=start.on if start else None, months=months)


def start_of_plan(vehicle: Vehicle, package: Package, market: Market, *, today: date) -> date | None:
    """C4: when a plan that is ordered today would start; None while the free period keeps it back.

    An addition is ordered once its own free period is over: whether its base is there is known then (S12).
    """
    days_ahead = 0 if package.base_id else market.order_ahead_days
    return plan_starts_on(free_period(vehicle, package, market), today=today, days_ahead=days_ahead)
