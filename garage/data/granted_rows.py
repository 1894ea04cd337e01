"""What of a kind of data a third party is let read: of the owner's own time only, as far back as the owner was told."""

from datetime import datetime

from garage.data.own_rows import Table, Walked
from garage.data.vehicle_data import Kind, reading
from garage.models import ControlPeriod, DataGrant
from garage.own_time import own_time


def granted_rows(kind: Kind, grant: DataGrant, *, now: datetime, since: datetime | None = None) -> Table | Walked:
    """Of a grant, also one that is only being asked for. `since` narrows it further."""
    begins = [moment for moment in (grant.rows_since, _control_began(kind, grant), since) if moment]
    own = own_time(grant.account, grant.vehicle)
    return reading(kind, own, now=now, since=max(begins) if begins else None)


def _control_began(kind: Kind, grant: DataGrant) -> datetime | None:
    """What stays with the car, its service history, the owner sees whole, and passes on from its own time on."""
    if kind.retention_months is not None:
        return None
    running = ControlPeriod.objects.filter(account=grant.account, vehicle=grant.vehicle, ended_at__isnull=True)
    return running.values_list("started_at", flat=True).first()
