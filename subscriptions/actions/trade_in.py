"""A car that a dealer states it took in trade: its owner confirms, objects, or lets the days pass (K1, L1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.barring import check_not_barred
from accounts.models import Account
from garage.models import Membership, TradeIn, WorkshopStaff
from garage.notices.dealer import tell_trade_in
from garage.rules import dealer_desk as rules
from garage.rules import vin as vin_rules
from portal import audit
from portal.hourly_limit import take_turn
from portal.refusals import Refusal
from subscriptions.actions.leave import removal_quote
from subscriptions.actions.sell import SaleRemoval, release_car

OVER = _("This trade-in is over already.")


def declare_trade_in(*, vin: str, reference: str, is_screen_cleared: bool, now: datetime, by: Account) -> TradeIn:
    """By a member of a dealer's staff, who has the car and its contract of sale. The account in control is told.

    Raises `Refusal`: not_at_a_dealer, too_many, nobody_active, own_car, declared_already.
    """
    place = WorkshopStaff.objects.select_related("workshop__dealer").filter(account=by).first()
    if place is None:
        raise Refusal("not_at_a_dealer", _("Your account does not work at a dealer."))
    if not take_turn("trade-ins", str(by.pk), most=rules.TRADE_INS_AN_HOUR, now=now):
        raise Refusal("too_many", _("Too many cars were stated. Please try again in an hour."))
    with transaction.atomic():
        link = _in_control(vin)
        if link.account_id == by.pk:
            raise Refusal("own_car", _("This is your own car. Ask a colleague."))
        if TradeIn.objects.open().filter(membership=link).exists():
            raise Refusal("declared_already", _("A trade-in of this car waits for its owner already."))
        days = link.account.market.trade_in_days
        trade = TradeIn.objects.create(
            membership=link,
            workshop=place.workshop,
            declared_by=by,
            reference=reference,
            is_screen_cleared=is_screen_cleared,
            declared_at=now,
            due_at=rules.due_at(declared_at=now, days=days),
        )
        _record("trade-in declared", trade, now=now, by=by, reference=reference)
        tell_trade_in(trade, change="declared", now=now, refund=removal_quote(link, now=now).refund)
        return trade


def confirm_trade_in(*, trade: TradeIn, confirmed: SaleRemoval, now: datetime, by: Account) -> TradeIn:
    """By the owner: released at once, as shown. Raises: barred, trade_in_over, quote_changed, request_open."""
    check_not_barred(by, now=now)
    with transaction.atomic():
        return _release(_locked(trade), confirmed=confirmed, now=now, by=by)


@transaction.atomic
def object_to_trade_in(*, trade: TradeIn, now: datetime, by: Account) -> None:
    """By the owner: it comes to nothing, and the customer centre is asked. Raises: trade_in_over."""
    current = _locked(trade)
    current.objected_at = now
    current.save(update_fields=["objected_at"])
    _record("trade-in objected", current, now=now, by=by)
    tell_trade_in(current, change="objected", now=now)


@transaction.atomic
def call_off_trade_in(*, trade: TradeIn, now: datetime, by: Account | None, reason: str = "") -> None:
    """By the dealer; or by none where the owner has lost the car meanwhile. Raises: trade_in_over."""
    current = _locked(trade)
    current.called_off_at = now
    current.save(update_fields=["called_off_at"])
    _record("trade-in called off", current, now=now, by=by, reason=reason)
    tell_trade_in(current, change="called_off", now=now)


def release_if_due(*, trade_id: int, now: datetime) -> bool:
    """Once nobody has objected in the market's days, by the dealer's word; True if this call did it.

    One whose owner is asked for control by another account waits until that is answered (V4).
    """
    with transaction.atomic():
        trade = TradeIn.objects.open().filter(pk=trade_id).first()
        if trade is None or not rules.may_release(due_at=trade.due_at, is_confirmed=False, now=now):
            return False
        if not Membership.objects.current().filter(pk=trade.membership_id, is_active=True).exists():
            call_off_trade_in(trade=trade, now=now, by=None)
            return False
        try:
            with transaction.atomic():
                _release(_locked(trade), confirmed=None, now=now, by=trade.declared_by)
        except Refusal:
            return False
        return True


def trade_ins_due(*, now: datetime) -> list[int]:
    due = TradeIn.objects.open().filter(due_at__lte=now)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True))


def _release(trade: TradeIn, *, confirmed: SaleRemoval | None, now: datetime, by: Account) -> TradeIn:
    link = trade.membership
    refund = removal_quote(link, now=now).refund
    trade.sale = release_car(
        membership=link, confirmed=confirmed, is_screen_cleared=trade.is_screen_cleared, now=now, by=by
    )
    trade.released_at = now
    trade.save(update_fields=["sale", "released_at"])
    _record("trade-in released", trade, now=now, by=by, refund=refund)
    tell_trade_in(trade, change="released", now=now, refund=refund)
    return trade


def _in_control(vin: str) -> Membership:
    """One sentence for a car that is unknown and one that nobody controls: there is nothing to release."""
    current = Membership.objects.current().select_related("account__market", "vehicle")
    current = current.select_for_update(of=["self"], no_key=True)
    found = current.filter(vehicle__vin=vin_rules.clean(vin), is_active=True).first()
    if found is None:
        raise Refusal("nobody_active", _("No account controls a car of this VIN: there is nothing to release."))
    return found


def _locked(trade: TradeIn) -> TradeIn:
    """The owner's row first, as wherever its cars leave. Raises `Refusal` trade_in_over."""
    locked_account(trade.membership.account)
    rows = TradeIn.objects.open().select_related(
        "membership__account__market", "membership__vehicle", "workshop__dealer", "declared_by"
    )
    current = rows.select_for_update(of=("self",), no_key=True).filter(pk=trade.pk).first()
    if current is None:
        raise Refusal("trade_in_over", OVER)
    return current


def _record(what: str, trade: TradeIn, *, now: datetime, by: Account | None, **facts: object) -> None:
    audit.record(what, account=trade.membership.account, by=by, now=now, subject=trade, **facts)
