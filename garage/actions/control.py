"""What becomes of offers of control and requests for it when control goes, or one of the two leaves (V4)."""

from datetime import datetime

from accounts.models import Account
from garage.actions.unlink import begin_control
from garage.models import ControlTransfer, Membership
from garage.models.control import ControlTransferQuerySet
from garage.notices.sharing import tell_taken, tell_transfer
from garage.rules.control import State
from portal import audit


def close(transfer: ControlTransfer, state: State, *, now: datetime, by: Account | None) -> None:
    """Within the caller's locks: it comes to nothing, and both are told."""
    transfer.move_to(state, now=now)
    audit.record(
        f"control {transfer.way} {state}",
        account=transfer.giver,
        by=by,
        now=now,
        subject=transfer,
        reason=transfer.reason,
    )
    tell_transfer(transfer, change=state, now=now)


def overtake(*, vehicle_id: int, now: datetime, besides: ControlTransfer | None = None) -> None:
    """Whatever else was open about the car was about an account that has no control any more."""
    others = open_of(vehicle_id).exclude(pk=besides.pk) if besides else open_of(vehicle_id)
    for other in others:
        close(other, State.OVERTAKEN, now=now, by=None)


def settle_after_leaving(left: Membership, *, now: datetime) -> None:
    """Its own requests, and offers that it had taken, end with the link; who has asked it for longest has control."""
    for own in open_of(left.vehicle_id).filter(taker=left.account_id):
        close(own, State.OVERTAKEN, now=now, by=None)
    if not open_of(left.vehicle_id).filter(giver=left.account_id).exists():
        return
    for request in open_of(left.vehicle_id).requests().filter(giver=left.account_id).order_by("begun_at", "pk"):
        asking = linked(vehicle_id=left.vehicle_id, account_id=request.taker_id)
        if asking and asking.is_verified:
            hand_on(request, asking, now=now, by=None)
            tell_taken(request, taker=asking.account, now=now)
            break
    overtake(vehicle_id=left.vehicle_id, now=now)


def hand_on(transfer: ControlTransfer, taking: Membership, *, now: datetime, by: Account | None) -> None:
    """Nobody is active any more: the taker is, from this moment on."""
    begin_control(taking, now=now)
    transfer.taker = taking.account
    transfer.move_to(State.MOVED, now=now)
    for account in (transfer.giver, taking.account):
        audit.record("control moved", account=account, by=by, now=now, subject=transfer, way=transfer.way)


def open_of(vehicle_id: int) -> ControlTransferQuerySet:
    return (
        ControlTransfer.objects.open()
        .filter(vehicle=vehicle_id)
        .select_related("vehicle", "giver__market", "taker__market")
    )


def linked(*, vehicle_id: int, account_id: int | None) -> Membership | None:
    """The account's link with the car, locked within the caller's lock on the vehicle."""
    current = Membership.objects.current().select_related("account__market", "vehicle")
    locked = current.select_for_update(of=["self"], no_key=True)
    return locked.filter(vehicle=vehicle_id, account=account_id).first()


def active_on(vehicle_id: int) -> Membership | None:
    """The link that has control, locked within the caller's lock on the vehicle."""
    current = Membership.objects.current().select_related("account__market", "vehicle")
    locked = current.select_for_update(of=["self"], no_key=True)
    return locked.filter(vehicle=vehicle_id, is_active=True).first()
