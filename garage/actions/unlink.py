"""The link itself ends, and nothing beside it; and control as a period (D4, G5). Within the caller's locks."""

from datetime import datetime

from accounts.models import Account
from garage.actions.bookings import let_bookings_go
from garage.actions.grant_ends import end_grants_of
from garage.actions.map_updates import let_map_updates_go
from garage.models import ControlPeriod, Membership
from garage.rules.grants import Why
from garage.rules.membership import Right
from portal import audit


def unlink(membership: Membership, *, now: datetime, by: Account | None) -> Membership:
    """The car leaves the garage. If it was the selected one, that of longest standing is selected instead (G5)."""
    was_selected = membership.is_selected
    knew_plate = membership.may(Right.SPECIFICATION)
    if membership.is_active:
        end_control(membership, now=now, why=Why.REMOVED)
    let_bookings_go(membership, now=now, by=by)
    membership.ended_at = now
    membership.plate_at_end = membership.vehicle.plate if knew_plate else ""
    membership.is_selected = False
    membership.driver_since = membership.driver_until = None
    membership.save(update_fields=["ended_at", "plate_at_end", "is_selected", "driver_since", "driver_until"])
    audit.record("vehicle_removed", account=membership.account, by=by, now=now, subject=membership)
    if was_selected:
        _select_next(membership.account)
    return membership


def begin_control(membership: Membership, *, now: datetime) -> None:
    """The link becomes the active one, and its period begins; whoever was active has given it up already."""
    membership.is_active = True
    membership.verified_at = membership.verified_at or now
    membership.driver_since = membership.driver_until = None
    membership.save(update_fields=["is_active", "verified_at", "driver_since", "driver_until"])
    ControlPeriod.objects.create(vehicle_id=membership.vehicle_id, account_id=membership.account_id, started_at=now)


def end_control(membership: Membership, *, now: datetime, why: Why = Why.CONTROL) -> None:
    """The period ends, and whoever read data of the car by this account's leave reads no more (D3).

    A map update that it waits for is called off: the next one asks for itself (C6).
    """
    end_grants_of(account_id=membership.account_id, vehicle_id=membership.vehicle_id, why=why, now=now)
    let_map_updates_go(account_id=membership.account_id, vehicle_id=membership.vehicle_id, now=now)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    ControlPeriod.objects.filter(
        vehicle=membership.vehicle_id, account=membership.account_id, ended_at__isnull=True
    ).update(ended_at=now)


def _select_next(account: Account) -> None:
    following = Membership.objects.current().filter(account=account).order_by("linked_at", "pk").first()
    if following:
        following.is_selected = True
        following.save(update_fields=["is_selected"])
