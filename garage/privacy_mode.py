"""Privacy Mode as the car last reported it (D2): it is switched in the app or in the car, here it is only shown."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from garage.models import ControlPeriod, Membership, VehiclePrivacy
from garage.rules.reports import Source


class PrivacyMode(NamedTuple):
    is_on: bool
    source: Source
    # None: in another account's time, which is nobody else's business (D4).
    at: datetime | None


def told_to(membership: Membership) -> PrivacyMode | None:
    """As it was last switched, whatever order the reports came in; None if the car has never told.

    It limits the car's services whoever has control, so it does not begin anew with an account's time. The account
    that controls the car is told it without a moment from before its own time (D4). One query.
    """
    running = ControlPeriod.objects.filter(vehicle=membership.vehicle_id, account=membership.account_id)
    is_mine = Exists(running.filter(ended_at__isnull=True, started_at__lte=OuterRef("at")))
    reported = VehiclePrivacy.objects.filter(vehicle=membership.vehicle_id).annotate(is_mine=is_mine)
    last = reported.order_by("-at", "-pk").first()
    if last is None:
        return None
    return PrivacyMode(is_on=last.is_on, source=Source(last.source), at=last.at if last.is_mine else None)
