"""The active account hands control over: two confirmations, the giver's with its figures, the taker's (V4, X10)."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.mail import enqueue_mail
from accounts.models import Account
from garage.actions.control import close, linked
from garage.actions.drivers import check_active
from garage.actions.locks import lock_car
from garage.models import ControlTransfer, Membership
from garage.notices.sharing import path_for, tell_transfer
from garage.rules import control as rules
from garage.rules.control import State, Way
from portal import audit
from portal.links import absolute
from portal.refusals import Refusal
from subscriptions.actions.control import NOT_VERIFIED, OVER, lock_transfer, move
from subscriptions.actions.leave import removal_quote
from subscriptions.confirming import plain
from subscriptions.handing_over import Schedule, schedule
from subscriptions.rules.leaving import RemovalQuote


def offer_control(
    *, membership: Membership, email: str, confirmed: Schedule | None, now: datetime, by: Account
) -> ControlTransfer:
    """Mails the offer to the address, whether an account has it or not; nothing ends before it is taken.

    `confirmed` is the schedule that was shown, day by day. Raises `Refusal`: barred, not_active, offer_oneself,
    offer_open, too_many, quote_changed.
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        giver, email = membership.account, email.lower()
        lock_car(vehicle_id=membership.vehicle_id, account_ids=[giver.pk])
        check_active(membership)
        _check_offerable(membership, email, now=now)
        shown = schedule(membership, now=now)
        if confirmed is not None and confirmed != shown:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        transfer = ControlTransfer.objects.create(
            vehicle=membership.vehicle,
            way=Way.OFFER,
            giver=giver,
            email=email,
            begun_at=now,
            due_at=rules.due_at(begun_at=now, days=giver.market.control_offer_days),
            confirmed={day.on.isoformat(): plain(day.quote) for day in shown.days},
        )
        audit.record("control offered", account=giver, by=by, now=now, subject=transfer, email=email)
        tell_transfer(transfer, change="offered", now=now, refund=shown.today.refund)
        _mail_offer(transfer, now=now)
        return transfer


def call_off_offer(*, transfer: ControlTransfer, now: datetime, by: Account) -> None:
    """By the giver, as long as nobody has control by it. Raises `Refusal` transfer_over."""
    with transaction.atomic():
        transfer, _giving = lock_transfer(transfer, way=Way.OFFER)
        close(transfer, State.CALLED_OFF, now=now, by=by)


def decline_offer(*, transfer: ControlTransfer, now: datetime, by: Account) -> None:
    """By the one to whom it was made; the giver is told. Raises `Refusal` transfer_over."""
    with transaction.atomic():
        transfer, _giving = lock_transfer(transfer, way=Way.OFFER)
        _check_meant(transfer, by)
        close(transfer, State.DECLINED, now=now, by=by)


def accept_offer(*, transfer: ControlTransfer, now: datetime, by: Account) -> ControlTransfer:
    """Control moves now, if what ends is what the giver has confirmed for this day; else the giver is asked again.

    Taken by a linked account that is verified, or drives the car by the giver's invitation. Raises `Refusal`:
    barred, transfer_over, not_verified.
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        transfer, giving = lock_transfer(transfer, way=Way.OFFER)
        _check_meant(transfer, by)
        taking = linked(vehicle_id=transfer.vehicle_id, account_id=by.pk)
        if taking is None or not taking.may_take_control(now):
            raise Refusal("not_verified", NOT_VERIFIED)
        if rules.is_over(due_at=transfer.due_at, now=now):
            raise Refusal("transfer_over", OVER)
        if transfer.is_to_confirm:
            return transfer
        transfer.taker, transfer.accepted_at = by, now
        today = giving.account.market.local_date(now).isoformat()
        if transfer.confirmed.get(today) == plain(removal_quote(giving, now=now)):
            move(transfer, giving, taking, now=now, by=by)
            return transfer
        transfer.move_to(State.TO_CONFIRM, now=now)
        audit.record("control to be confirmed again", account=transfer.giver, by=by, now=now, subject=transfer)
        tell_transfer(transfer, change="to_confirm", now=now, refund=removal_quote(giving, now=now).refund)
        return transfer


def confirm_again(
    *, transfer: ControlTransfer, confirmed: RemovalQuote | None, now: datetime, by: Account
) -> ControlTransfer:
    """By the giver, after the taker: control moves now. Raises `Refusal`: barred, transfer_over, quote_changed."""
    check_not_barred(by, now=now)
    with transaction.atomic():
        transfer, giving = lock_transfer(transfer, way=Way.OFFER)
        taking = linked(vehicle_id=transfer.vehicle_id, account_id=transfer.taker_id)
        is_over = rules.is_over(due_at=transfer.due_at, now=now)
        if not transfer.is_to_confirm or taking is None or is_over or not taking.may_take_control(now):
            raise Refusal("transfer_over", OVER)
        move(transfer, giving, taking, confirmed=confirmed, now=now, by=by)
        return transfer


def _check_offerable(membership: Membership, email: str, *, now: datetime) -> None:
    giver = membership.account
    if EmailAddress.objects.filter(user=giver, email__iexact=email).exists() or email == giver.email.lower():
        raise Refusal("offer_oneself", _("This is your own address."))
    offers = ControlTransfer.objects.offers()
    if offers.open().filter(vehicle=membership.vehicle_id).exists():
        raise Refusal("offer_open", _("You have offered control of this car already. Call that offer off first."))
    lately = offers.filter(begun_at__gt=now - rules.A_DAY)
    if not rules.may_offer(
        from_account=lately.filter(giver=giver).count(), to_address=lately.filter(email=email).count()
    ):
        raise Refusal("too_many", _("No more offers can be sent today. Please try again tomorrow."))


def _check_meant(transfer: ControlTransfer, account: Account) -> None:
    """Whoever has confirmed the address to which it went. Raises `Refusal` transfer_over."""
    is_meant = EmailAddress.objects.filter(user=account, email__iexact=transfer.email, verified=True).exists()
    if not is_meant or account.pk == transfer.giver_id:
        raise Refusal("transfer_over", OVER)


def _mail_offer(transfer: ControlTransfer, *, now: datetime) -> None:
    giver = transfer.giver
    enqueue_mail(
        to=transfer.email,
        language=giver.language,
        brand=giver.market.brand,
        template="emails/control/offer",
        context={
            "brand": giver.market.brand,
            "url": absolute(path_for(giver, "control_offered", transfer.public_id)),
            "days": giver.market.control_offer_days,
        },
        now=now,
    )
