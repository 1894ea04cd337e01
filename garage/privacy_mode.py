"""Privacy Mode as the car last reported it (D2): it is switched in the app or in the car, here it is only shown."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from garage.models import ControlPeriod, Membership, VehiclePrivacy
from garage.rules.reports import Source
from portal.querying.written import Given, written


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
    for last in _last(vehicle=membership.vehicle_id, account=membership.account_id):
        return PrivacyMode(is_on=last.is_on, source=Source(last.source), at=last.at if last.is_mine else None)
    return None


@written
def _last(*, vehicle: Given, account: Given) -> QuerySet[Any]:
    running = ControlPeriod.objects.filter(vehicle=vehicle, account=account)
    is_mine = Exists(running.filter(ended_at__isnull=True, started_at__lte=OuterRef("at")))
    return VehiclePrivacy.objects.filter(vehicle=vehicle).annotate(is_mine=is_mine).order_by("-at", "-pk")[:1]
