"""Control of a car changes hands, and what its account had on it ends (V4, X7).

Whoever gives control is locked first, with the car's drivers, then the vehicle, the links, the subscriptions. All that
a change brings is one transaction: subscriptions ended, refunds promised, drivers ended, the other account active.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.actions.control import active_on, close, hand_on, linked, overtake
from garage.actions.drivers import PROMOTED, end_drivers_of, end_driving_of
from garage.actions.locks import lock_car
from garage.actions.prove import control_began_at, needs_proof
from garage.actions.unlink import end_control
from garage.markets import market_of_car
from garage.models import ControlTransfer, Membership
from garage.notices.sharing import tell_moved, tell_transfer
from garage.rules import control as rules
from garage.rules.control import State, Way
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.leave import (
    check_confirmed,
    close_settled_objections,
    end_running,
    lock_running,
    removal_quote,
    running_on,
)
from subscriptions.actions.work import open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models.work import CONTROL_OBJECTED
from subscriptions.rules.leaving import RemovalQuote
from subscriptions.rules.lifecycle import EndReason, Status

OVER = _("This is over already: control has gone another way, or one of you has left the car.")
NOT_VERIFIED = _("Prove that you have access to this car first.")
NOBODY = _("No account has control of this car. Prove access to take it.")


# Asking for control


def request_control(*, membership: Membership, now: datetime, by: Account) -> ControlTransfer:
    """Asks the active account, which is told at once; where nothing paid runs, control moves at once.

    Asking twice is asking once. After an objection under the same control it is staff who decide, each time anew.
    Raises `Refusal`: barred, not_verified, proof_too_old, nobody_active, is_active, too_many, quote_changed.
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        asking, giving = _lock_asking(membership)
        open_ones = ControlTransfer.objects.open().requests().filter(vehicle=asking.vehicle, taker=asking.account)
        if found := open_ones.first():
            return found
        _check_not_too_often(asking, now=now)
        days = market_of_car(asking).control_request_days
        transfer = ControlTransfer.objects.create(
            vehicle=asking.vehicle,
            way=Way.REQUEST,
            giver=giving.account,
            taker=asking.account,
            begun_at=now,
            due_at=rules.due_at(begun_at=now, days=days),
        )
        _record(transfer, "control asked for", now=now, by=by)
        if _was_objected_to(transfer):
            _object(transfer, now=now, by=by)
        elif rules.moves_at_once(runs_paid=runs_paid(giving, now=now)):
            move(transfer, giving, asking, now=now, by=by)
        else:
            refund = removal_quote(giving, now=now).refund
            tell_transfer(transfer, change="asked", now=now, refund=refund)
        return transfer


def withdraw_request(*, transfer: ControlTransfer, now: datetime, by: Account) -> None:
    """By the account that asks; the active one is told. Raises `Refusal` transfer_over."""
    with transaction.atomic():
        transfer, _giving = lock_transfer(transfer, way=Way.REQUEST)
        close(transfer, State.CALLED_OFF, now=now, by=by)
        close_settled_objections(transfer.vehicle_id, now=now)


def consent(*, transfer: ControlTransfer, confirmed: RemovalQuote | None, now: datetime, by: Account) -> None:
    """By the active account, objected before or not: control moves now.

    Raises `Refusal`: barred, transfer_over, quote_changed.
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        transfer, giving = lock_transfer(transfer, way=Way.REQUEST)
        move(transfer, giving, _taking(transfer), confirmed=confirmed, now=now, by=by)


def object_to(*, transfer: ControlTransfer, now: datetime, by: Account) -> None:
    """By the active account: it keeps control until dealer or customer centre have decided. Raises transfer_over."""
    with transaction.atomic():
        transfer, _giving = lock_transfer(transfer, way=Way.REQUEST)
        if transfer.is_objected:
            return
        _object(transfer, now=now, by=by)


def decide(
    *,
    transfer: ControlTransfer,
    moves: bool,
    confirmed: RemovalQuote | None,
    reason: str,
    now: datetime,
    by: Account,
) -> ControlTransfer:
    """By staff, who saw what it ends, with their reason: it moves, or stays. Raises: transfer_over, quote_changed."""
    with transaction.atomic():
        transfer, giving = lock_transfer(transfer, way=Way.REQUEST)
        if not transfer.is_objected:
            raise Refusal("transfer_over", OVER)
        transfer.decided_by, transfer.reason = by, reason
        if moves:
            move(transfer, giving, _taking(transfer), confirmed=confirmed, now=now, by=by)
        else:
            close(transfer, State.DECLINED, now=now, by=by)
            close_settled_objections(transfer.vehicle_id, now=now)
        return transfer


# On time


def meet_deadline(*, transfer_id: int, now: datetime) -> bool:
    """An unanswered request moves, an offer nobody took expires; True if this call did it."""
    with transaction.atomic():
        try:
            transfer, giving = lock_transfer(ControlTransfer.objects.get(pk=transfer_id))
        except Refusal:
            return False
        if not rules.is_over(due_at=transfer.due_at, now=now) or transfer.is_objected:
            return False
        if transfer.is_offer:
            close(transfer, State.EXPIRED, now=now, by=None)
        else:
            move(transfer, giving, _taking(transfer), now=now, by=None)
        return True


def warn_of_deadline(*, transfer_id: int, now: datetime) -> bool:
    """Once, a day before an unanswered request moves, with what comes back by then."""
    with transaction.atomic():
        try:
            transfer, giving = lock_transfer(ControlTransfer.objects.get(pk=transfer_id))
        except Refusal:
            return False
        if not transfer.is_waiting or not rules.is_to_warn(due_at=transfer.due_at, now=now):
            return False
        tell_transfer(transfer, change="warned", now=now, refund=removal_quote(giving, now=now).refund)
        return True


def deadlines_met(*, now: datetime) -> list[int]:
    due = ControlTransfer.objects.open().filter(due_at__lte=now).exclude(state=State.OBJECTED)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True))


def deadlines_coming(*, now: datetime) -> list[int]:
    waiting = ControlTransfer.objects.requests().filter(state=State.WAITING)
    coming = waiting.filter(due_at__gt=now, due_at__lte=now + rules.WARNED_BEFORE)
    return list(coming.order_by("due_at", "pk").values_list("pk", flat=True))


# What offers and requests share


def runs_paid(giving: Membership, *, now: datetime) -> bool:
    """Whether a paid plan or a trial of the active account runs on the car, or is being ordered."""
    running = running_on(account_id=giving.account_id, vehicle_id=giving.vehicle_id)
    today = giving.account.market.local_date(now)
    return running.exclude(status=Status.COMPLIMENTARY).exclude(ends_on__lte=today).exists()


def move(
    transfer: ControlTransfer,
    giving: Membership,
    taking: Membership,
    *,
    confirmed: RemovalQuote | None = None,
    now: datetime,
    by: Account | None,
) -> None:
    """Within the caller's transaction and locks: what the giver had on the car ends, the taker is active."""
    running = lock_running(giving)
    quote = removal_quote(giving, now=now)
    check_confirmed(confirmed, quote)
    end_running(giving, running, quote, reason=EndReason.CONTROL_LOST, now=now, by=by)
    end_driving_of(taking, now=now, by=by, change=PROMOTED)
    end_drivers_of(giving, now=now, by=by)
    end_control(giving, now=now)
    hand_on(transfer, taking, now=now, by=by)
    overtake(vehicle_id=transfer.vehicle_id, now=now, besides=transfer)
    close_settled_objections(transfer.vehicle_id, now=now)
    tell_moved(transfer, taker=taking.account, now=now, refund=quote.refund)


def lock_transfer(transfer: ControlTransfer, *, way: Way | None = None) -> tuple[ControlTransfer, Membership]:
    """The open transfer, of this way, and the giver's active link, locked. Raises `Refusal` transfer_over."""
    accounts = [pk for pk in (transfer.giver_id, transfer.taker_id) if pk is not None]
    lock_car(vehicle_id=transfer.vehicle_id, account_ids=accounts)
    related = ControlTransfer.objects.select_related("vehicle", "giver__market__brand", "taker__market")
    ways = [way] if way else list(Way)
    current = related.open().filter(pk=transfer.pk, way__in=ways).first()
    giving = active_on(transfer.vehicle_id)
    if current is None or giving is None or giving.account_id != current.giver_id:
        raise Refusal("transfer_over", OVER)
    return current, giving


def _lock_asking(membership: Membership) -> tuple[Membership, Membership]:
    """The link that asks and the one that has control, locked; whoever it was that had it a moment ago."""
    active = Membership.objects.current().filter(vehicle=membership.vehicle_id, is_active=True).first()
    known = [active.account_id] if active else []
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id, *known])
    asking = linked(vehicle_id=membership.vehicle_id, account_id=membership.account_id)
    giving = active_on(membership.vehicle_id)
    if asking is None or not asking.is_verified:
        raise Refusal("not_verified", NOT_VERIFIED)
    if giving is None:
        raise Refusal("nobody_active", NOBODY)
    if giving.pk == asking.pk:
        raise Refusal("is_active", _("You have control of this car already."))
    if needs_proof(asking):
        raise Refusal("proof_too_old", NOT_VERIFIED)
    if giving.account_id not in known:
        # Control moved between the look and the lock, so that its account is not locked.
        raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
    return asking, giving


def _was_objected_to(transfer: ControlTransfer) -> bool:
    """Whether the last request of the same account, to the same one in the same control, met an objection.

    Neither the decision of staff nor the objection falls by asking again.
    """
    before = ControlTransfer.objects.requests().filter(vehicle=transfer.vehicle_id, taker=transfer.taker_id)
    began_at = control_began_at(transfer.vehicle_id)
    same_control = before.filter(giver=transfer.giver_id, begun_at__gte=began_at).exclude(pk=transfer.pk)
    last = same_control.order_by("-begun_at", "-pk").first()
    return last is not None and last.objected_at is not None


def _object(transfer: ControlTransfer, *, now: datetime, by: Account) -> None:
    transfer.objected_at = now
    transfer.move_to(State.OBJECTED, now=now)
    _record(transfer, "control objected", now=now, by=by)
    text = "Two accounts want control of the same car. Look at the papers of both, and decide."
    open_work_items([Finding(check=CONTROL_OBJECTED, subject=str(transfer.public_id), text=text)], now=now)
    tell_transfer(transfer, change="objected", now=now)


def _check_not_too_often(asking: Membership, *, now: datetime) -> None:
    """Nobody is mailed for ever by asking and withdrawing. Raises `Refusal` too_many."""
    lately = ControlTransfer.objects.requests().filter(begun_at__gt=now - rules.A_DAY)
    if lately.filter(vehicle=asking.vehicle, taker=asking.account).count() >= rules.MOST_REQUESTS_A_DAY:
        raise Refusal("too_many", _("You have asked for this car several times today. Please try again tomorrow."))


def _taking(transfer: ControlTransfer) -> Membership:
    """Whoever asks must still be linked, and verified. Raises `Refusal` transfer_over."""
    taking = linked(vehicle_id=transfer.vehicle_id, account_id=transfer.taker_id)
    if taking is None or not taking.is_verified:
        raise Refusal("transfer_over", OVER)
    return taking


def _record(transfer: ControlTransfer, what: str, *, now: datetime, by: Account | None) -> None:
    for account in (transfer.giver, transfer.taker):
        if account is not None:
            audit.record(what, account=account, by=by, now=now, subject=transfer)
