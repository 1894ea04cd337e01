"""Reports of cars to test with; they come in through the action."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account
from garage.actions.leave import end_membership
from garage.actions.report import Taken, take_reports
from garage.models import Membership, Vehicle
from garage.rules.reports import AlertReport, PrivacyReport, Report, StateReport
from tests.garage.cars import NOW, add, prove

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=20)


def state(car: Membership | Vehicle, key: str = "s1", *, at: datetime = LATER, **values: Any) -> StateReport:
    return StateReport(id=key, vin=vin_of(car), at=at, values=values or {"odometer_km": 25_000, "fuel_percent": 60})


def alert(
    car: Membership | Vehicle, what: str = "window_open", *details: str, key: str = "a1", at: datetime = LATER
) -> AlertReport:
    return AlertReport(id=key, vin=vin_of(car), at=at, alert=what, details=details)


def privacy(
    car: Membership | Vehicle, is_on: bool = True, *, source: str = "car", key: str = "p1", at: datetime = LATER
) -> PrivacyReport:
    return PrivacyReport(id=key, vin=vin_of(car), at=at, is_on=is_on, source=source)


def take(*reports: Report, now: datetime = LATER) -> Taken:
    return take_reports(reports=dict(enumerate(reports)), now=now)


def move_control(membership: Membership, to: Account, *, now: datetime, km: int = 25_000) -> Membership:
    """The active account gives the car up and adds it again; the other one proves access."""
    end_membership(membership=membership, now=now, by=membership.account)
    add(membership.account)
    link = Membership.objects.current().filter(account=to, vehicle=membership.vehicle).first()
    return prove(link or add(to), km=km, now=now)


def vin_of(car: Membership | Vehicle) -> str:
    return car.vehicle.vin if isinstance(car, Membership) else car.vin
