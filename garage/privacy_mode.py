"""Privacy Mode as the car last reported it (D2): it is switched in the app or in the car, here it is only shown."""

from datetime import datetime
from typing import NamedTuple

from garage.models import Vehicle, VehiclePrivacy
from garage.rules.reports import Source


class PrivacyMode(NamedTuple):
    is_on: bool
    source: Source
    at: datetime


def current(vehicle: Vehicle) -> PrivacyMode | None:
    """As it was last switched, whatever order the reports came in; None if the car has never told.

    It limits the car's services whoever has control, so it does not begin anew with an account's time.
    """
    last = VehiclePrivacy.objects.filter(vehicle=vehicle).order_by("-at", "-pk").first()
    return PrivacyMode(is_on=last.is_on, source=Source(last.source), at=last.at) if last else None
