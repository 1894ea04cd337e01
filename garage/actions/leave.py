"""A car leaves a garage; what ran on it is ended by the app above (`subscriptions/actions/leave.py`)."""

from datetime import datetime

from accounts.models import Account
from garage.actions.control import settle_after_leaving
from garage.actions.drivers import end_drivers_of, end_driving_of
from garage.actions.unlink import unlink
from garage.models import Membership


def end_membership(membership: Membership, *, now: datetime, by: Account) -> Membership:
    """Within the caller's transaction and locks (accounts, vehicle, membership): unlinks the car (G6).

    Control is given up: it goes to the account that has asked for it for longest (V4), else to whoever proves access
    next (G3). The drivers that this account invited leave with it (G12).
    """
    end_driving_of(membership, now=now, by=by)
    if membership.is_active:
        end_drivers_of(membership, now=now, by=by)
    unlink(membership, now=now, by=by)
    settle_after_leaving(membership, now=now)
    return membership
