"""A car leaves a garage; what ran on it is ended by the app above (`subscriptions/actions/leave.py`)."""

from datetime import datetime

from accounts.models import Account
from garage.models import Membership
from portal import audit


def end_membership(membership: Membership, *, now: datetime, by: Account) -> Membership:
    """Within the caller's transaction and locks (account, vehicle, membership): unlinks the car (G6).

    Control is given up: whoever proves access next becomes active (G3). If it was the selected car, the one that has
    been in the garage for longest is selected instead (G5).
    """
    was_selected = membership.is_selected
    membership.ended_at = now
    membership.is_active = False
    membership.is_selected = False
    membership.save(update_fields=["ended_at", "is_active", "is_selected"])
    audit.record("vehicle_removed", account=membership.account, by=by, now=now, subject=membership)
    if was_selected:
        _select_next(membership.account)
    return membership


def _select_next(account: Account) -> None:
    following = Membership.objects.current().filter(account=account).order_by("linked_at", "pk").first()
    if following:
        following.is_selected = True
        following.save(update_fields=["is_selected"])
