"""Privacy Mode as the car last reported it (D2): it is switched in the app or in the car, here it is only shown."""

from datetime import datetime
from typing import NamedTuple

from garage.models import ControlPeriod, Membership, Vehicle, VehiclePrivacy
from garage.rules.reports import Source


class PrivacyMode(NamedTuple):
    is_on: bool
    source: Source
    # None: in another account's time, which is nobody else's business (D4).
    at: datetime | None


def current(vehicle: Vehicle) -> PrivacyMode | None:
    """As it was last switched, whatever order the reports came in; None if the car has never told.

    It limits the car's services whoever has control, so it does not begin anew with an account's time.
    """
    last = VehiclePrivacy.objects.filter(vehicle=vehicle).order_by("-at", "-pk").first()
    return PrivacyMode(is_on=last.is_on, source=Source(last.source), at=last.at) if last else None


def told_to(membership: Membership) -> PrivacyMode | None:
    """The same to the account that controls the car: without a moment from before its own time (D4)."""
    mode = current(membership.vehicle)
    if mode is None or mode.at is None:
        return mode
    mine = ControlPeriod.objects.filter(vehicle=membership.vehicle_id, account=membership.account_id)
    is_mine = mine.filter(ended_at__isnull=True, started_at__lte=mode.at).exists()
    return mode if is_mine else mode._replace(at=None)
