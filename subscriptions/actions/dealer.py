"""What a dealer does for a customer at its car, within the ten minutes: always by the action of the customer's own page
(K1, K6), with what it brings shown before and told after."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.caller import is_barred
from garage.actions.control import linked
from garage.actions.dealer_code import held_access, note_act
from garage.actions.locks import lock_car
from garage.actions.unblock import unblock_access
from garage.models import AccessCheck, ControlTransfer, DealerAccess, Membership
from garage.notices.dealer import tell_dealer_acted
from garage.rules import control as rules
from garage.rules.control import State, Way
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel
from subscriptions.actions.control import decide, lock_transfer, move
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.sell import SaleRemoval, release_car
from subscriptions.models import Package, Subscription
from subscriptions.removing import Removal
from subscriptions.rules.cancellation import Quote
from subscriptions.rules.leaving import RemovalQuote


@transaction.atomic
def unblock_at_dealer(*, access: DealerAccess, now: datetime, by: Account) -> None:
    """V3: after the paper was seen, with the note of it. Raises: access_over, identity_not_seen, not_blocked."""
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    link = current.membership
    found = AccessCheck.objects.filter(account=link.account_id, vehicle=link.vehicle_id).first()
    if found is None:
        raise Refusal("not_blocked", _("This car is not blocked for this account."))
    seen_by = f"{by.get_full_name()}, {current.workshop.dealer.name}"[:80]
    unblock_access(access_check=found, identity_checked_by=seen_by, note=current.note, now=now, by=by)
    note_act(current, what="unblocked", now=now, by=by)


@transaction.atomic
def activate_at_dealer(*, access: DealerAccess, package: Package, now: datetime, by: Account) -> Subscription:
    """C3, C4: only what is free, and by the Terms that the customer has accepted itself.

    Raises `Refusal`: access_over, identity_not_seen, and those of `activate_complimentary` (terms_missing among them).
    """
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    link = current.membership
    made = activate_complimentary(account=link.account, vehicle=link.vehicle, package=package, now=now, by=by)
    note_act(current, what="activated", now=now, by=by, package=package.code)
    tell_dealer_acted(current, change="activated", package_name=package.name, now=now)
    return made


@transaction.atomic
def cancel_at_dealer(
    *, access: DealerAccess, subscription: Subscription, confirmed: Quote, reason: str, now: datetime, by: Account
) -> None:
    """As the customer would; the confirmation is mailed to it. Raises: access_over, identity_not_seen, not_this_car,
    nothing_to_cancel, quote_changed."""
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    link = current.membership
    if (subscription.account_id, subscription.vehicle_id) != (link.account_id, link.vehicle_id):
        raise Refusal("not_this_car", _("This subscription is not of this car."))
    cancel(subscription=subscription, confirmed=confirmed, reason=reason, now=now, by=by)
    note_act(current, what="cancelled", now=now, by=by, package=subscription.package.code)


@transaction.atomic
def release_at_dealer(
    *,
    access: DealerAccess,
    confirmed: SaleRemoval | Removal,
    is_screen_cleared: bool,
    reason: str,
    now: datetime,
    by: Account,
) -> None:
    """The car leaves the account's garage (X7). Of the account in control it is a sale, and ends with its certificate
    where nothing is connected any more (L1); another link just ends, and with it the ten minutes.

    Raises `Refusal`: access_over, identity_not_seen, barred, quote_changed, request_open.
    """
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    link = current.membership
    _check_not_barred(link.account, now=now)
    if isinstance(confirmed, SaleRemoval):
        release_car(membership=link, confirmed=confirmed, is_screen_cleared=is_screen_cleared, now=now, by=by)
        refund = confirmed.removal.quote.refund
    else:
        remove_vehicle(membership=link, confirmed=confirmed.quote, now=now, by=by)
        refund = confirmed.quote.refund
    note_act(current, what="released", now=now, by=by, refund=refund, reason=reason)
    tell_dealer_acted(current, change="released", refund=refund, now=now)


@transaction.atomic
def hand_over_at_dealer(
    *, access: DealerAccess, email: str, confirmed: RemovalQuote, reason: str, now: datetime, by: Account
) -> None:
    """V4: by the account in control, to another one that has the car in its garage: the dealer has seen both, which
    proves access (V1). What runs ends, as shown (X7).

    Raises `Refusal`: access_over, identity_not_seen, barred, not_in_control, not_linked, quote_changed.
    """
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    _check_not_barred(current.membership.account, now=now)
    giving, taking = current.membership, taker_of(current, email)
    lock_car(vehicle_id=giving.vehicle_id, account_ids=[giving.account_id, taking.account_id])
    transfer = _transfer(giving, taking, now=now)
    transfer, giving = lock_transfer(transfer, way=Way.REQUEST)
    taken = linked(vehicle_id=giving.vehicle_id, account_id=taking.account_id)
    if taken is None or giving.pk != current.membership_id:
        raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
    transfer.decided_by, transfer.reason = by, reason
    transfer.save(update_fields=["decided_by", "reason"])
    move(transfer, giving, taken, confirmed=confirmed, now=now, by=by)
    note_act(current, what="control moved", now=now, by=by, reason=reason)


@transaction.atomic
def decide_at_dealer(
    *, access: DealerAccess, moves: bool, confirmed: RemovalQuote, reason: str, now: datetime, by: Account
) -> None:
    """V4: about a request that the active account objected to, by either of the two whose papers were seen.

    Raises `Refusal`: access_over, identity_not_seen, transfer_over, quote_changed.
    """
    current = held_access(access, now=now, by=by, is_identity_seen=True)
    transfer = objected_request(current.membership)
    if transfer is None:
        raise Refusal("transfer_over", _("Nothing waits for a decision here."))
    decide(transfer=transfer, moves=moves, confirmed=confirmed, reason=reason, now=now, by=by)
    note_act(current, what="control decided", now=now, by=by, moves=moves)


def taker_of(access: DealerAccess, email: str) -> Membership:
    """The other account at the dealer's, by the address that it says. Raises: not_in_control, not_linked."""
    link = access.membership
    if not Membership.objects.current().filter(pk=link.pk, is_active=True).exists():
        raise Refusal("not_in_control", _("Only the account that controls the car can hand it over."))
    others = Membership.objects.current().select_related("account__market", "vehicle")
    found = others.filter(vehicle=link.vehicle_id, account__email=email.lower(), account__is_active=True)
    taking = found.exclude(account=link.account_id).first()
    if taking is None:
        raise Refusal("not_linked", _("This car is not in a garage of that address. The other person adds it first."))
    return taking


def objected_request(link: Membership) -> ControlTransfer | None:
    """That waits for staff, and concerns this account as the one who asks or who has control."""
    waiting = ControlTransfer.objects.requests().filter(vehicle=link.vehicle_id, state=State.OBJECTED)
    waiting = waiting.select_related("vehicle", "giver__market", "taker")
    mine = waiting.filter(giver=link.account_id) | waiting.filter(taker=link.account_id)
    return mine.order_by("begun_at", "pk").first()


def _check_not_barred(account: Account, *, now: datetime) -> None:
    """K6, K7: what the customer may not do for 72 hours, no dealer does either."""
    if is_barred(account.barred_until, now=now):
        raise Refusal("barred", _("The address of this account has just been changed. For 72 hours this is closed."))


def _transfer(giving: Membership, taking: Membership, *, now: datetime) -> ControlTransfer:
    """The request that the other one has open, or one of this moment."""
    open_ones = ControlTransfer.objects.open().requests().filter(vehicle=giving.vehicle_id, taker=taking.account_id)
    return open_ones.first() or ControlTransfer.objects.create(
        vehicle_id=giving.vehicle_id,
        way=Way.REQUEST,
        giver=giving.account,
        taker=taking.account,
        begun_at=now,
        due_at=rules.due_at(begun_at=now, days=giving.account.market.control_request_days),
    )
