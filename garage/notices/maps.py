"""What is told of a map update that has come to its end in the car (C6)."""

from datetime import datetime

from accounts.notices.kinds import tell
from garage.models import MapUpdate, Membership
from garage.notices.sharing import path_for

KIND = "map_update"


def tell_map_update(update: MapUpdate, *, now: datetime) -> None:
    """Whoever asked for it: installed, or failed."""
    account = update.account
    link = Membership.objects.select_related("vehicle").get(
        account=account, vehicle=update.vehicle, ended_at__isnull=True
    )
    tell(
        account=account,
        kind=KIND,
        subject_key=f"map-{update.public_id}",
        event_on=account.market.local_date(update.ended_at or now),
        now=now,
        change=str(update.state),
        vehicle_label=link.label,
        version=update.release.version,
        url=path_for(account, "multimedia", link.public_id),
    )
