"""Selling a car (L1): begun, the car removed with all that reaches it, the screen cleared, certified.

Locks as removing a car does: the accounts of the seller and of everybody linked, the vehicle, the links, the sale.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.models import Account
from garage.actions.cut_off import end_link_of_another
from garage.actions.drivers import check_active
from garage.actions.locks import lock_car
from garage.actions.profile import end_profile
from garage.control_access import links_that_reach
from garage.models import Membership, Sale
from garage.models.profile import Source
from garage.profiles import profile_of
from garage.rules import pairing
from garage.rules import sale as rules
from garage.sales import Connections, connections_of
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.leave import removal_quote, remove_vehicle
from subscriptions.removing import Removal, removal_of

CHANGED = _("Something has changed since this page was made. Please look again.")


@dataclass(frozen=True, kw_only=True)
class SaleRemoval:
    """All that is shown, and sealed, before a car that is sold leaves (X10)."""

    removal: Removal
    # Other accounts that reach the car: cut off in the same transaction.
    others: int


def sale_removal(membership: Membership, *, now: datetime) -> SaleRemoval:
    """What it would bring at this moment. Only the account in control can cut others off (V4)."""
    removal = removal_of(membership, removal_quote(membership, now=now), now=now)
    others = links_that_reach(membership).count() if membership.is_active else 0
    return SaleRemoval(removal=removal, others=others)


@transaction.atomic
def begin_sale(*, membership: Membership, now: datetime, by: Account) -> Sale:
    """Nothing ends by it; one that is open already is the one. Raises `Refusal` not_active."""
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    running = Sale.objects.open().filter(membership=membership).first()
    if running:
        return running
    check_active(membership)
    sale = Sale.objects.create(membership=membership, begun_at=now)
    audit.record("sale begun", account=membership.account, by=by, now=now, subject=sale)
    return sale


@transaction.atomic
def call_off_sale(*, sale: Sale, now: datetime, by: Account) -> None:
    """The car is kept. Raises `Refusal` has_left: then there is nothing to call off. A second time changes nothing."""
    sale = _locked(sale)
    if sale.has_left:
        raise Refusal("has_left", _("The car has left your garage already."))
    if sale.is_open:
        sale.called_off_at = now
        sale.save(update_fields=["called_off_at"])
        audit.record("sale called off", account=by, by=by, now=now, subject=sale)


@transaction.atomic
def remove_sold_vehicle(*, sale: Sale, confirmed: SaleRemoval | None, now: datetime, by: Account) -> None:
    """Everything on the car ends as confirmed, other accounts are cut off, the car leaves: all of it or nothing.

    Raises `Refusal`: quote_changed (X10), request_open while another account asks for control (V4), no_vehicle.
    """
    seen = list(links_that_reach(sale.membership))
    accounts = [sale.membership.account_id, *(link.account_id for link in seen)]
    lock_car(vehicle_id=sale.membership.vehicle_id, account_ids=accounts)
    locked = _locked(sale)
    membership = locked.membership
    if not locked.is_open:
        # Called off meanwhile, on another device.
        raise Refusal("quote_changed", CHANGED)
    if confirmed is not None and confirmed != sale_removal(membership, now=now):
        raise Refusal("quote_changed", CHANGED)
    others = _to_cut_off(membership, seen)
    for link in others:
        end_link_of_another(link, membership=membership, now=now, by=by)
    remove_vehicle(membership=membership, confirmed=confirmed.removal.quote if confirmed else None, now=now, by=by)
    audit.record("sold car removed", account=membership.account, by=by, now=now, subject=sale, others=len(others))


@transaction.atomic
def declare_head_unit(*, sale: Sale, now: datetime, by: Account) -> None:
    """The seller says that the car's screen knows it no more: a profile that is known counts as removed.

    Raises `Refusal` sale_over.
    """
    profile = profile_of(sale.membership)
    if profile:
        end_profile(profile=profile, source=Source.DECLARED, now=now, by=by)
    sale = _locked(sale)
    if not sale.is_open:
        raise Refusal("sale_over", _("This sale is finished already."))
    if sale.head_unit_declared_at is None:
        sale.head_unit_declared_at = now
        sale.save(update_fields=["head_unit_declared_at"])
        audit.record("head unit declared clear", account=sale.membership.account, by=by, now=now, subject=sale)


@transaction.atomic
def finish_sale(*, sale: Sale, now: datetime, by: Account) -> Sale:
    """L1: once nothing is connected any more, and then for good. Raises `Refusal` still_connected."""
    sale = _locked(sale)
    if sale.is_finished:
        return sale
    left = connections_of(sale)
    if rules.missing(left.summed):
        raise Refusal("still_connected", _("Something is still connected with the car. The list says what."))
    sale.finished_at, sale.model = now, sale.membership.vehicle.model
    sale.check_id = "".join(choice(pairing.ALPHABET) for _place in range(rules.CHECK_LENGTH))
    sale.save(update_fields=["finished_at", "model", "check_id"])
    audit.record(
        "sale finished", account=sale.membership.account, by=by, now=now, subject=sale, certificate=sale.check_id
    )
    return sale


@transaction.atomic
def release_car(
    *, membership: Membership, confirmed: SaleRemoval | None, is_screen_cleared: bool, now: datetime, by: Account
) -> Sale:
    """All steps of a sale at once, by a dealer at the car; certified where nothing is connected any more (K1, L1).

    What is left (a head unit that is signed in, for instance) its seller finishes. Raises as `remove_sold_vehicle`.
    """
    sale = begin_sale(membership=membership, now=now, by=by)
    remove_sold_vehicle(sale=sale, confirmed=confirmed, now=now, by=by)
    if is_screen_cleared:
        declare_head_unit(sale=sale, now=now, by=by)
    left = _locked(sale)
    return finish_sale(sale=left, now=now, by=by) if is_finishable(connections_of(left)) else left


def is_finishable(connections: Connections) -> bool:
    return not rules.missing(connections.summed)


def _locked(sale: Sale) -> Sale:
    """The seller's row is locked first, under which its sales change one at a time."""
    locked_account(sale.membership.account)
    rows = Sale.objects.select_related("membership__vehicle", "membership__account__market__brand")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=sale.pk)


def _to_cut_off(membership: Membership, seen: list[Membership]) -> list[Membership]:
    """Within the locks; only by the account in control (V4). Raises `Refusal` quote_changed where another came between
    the look and the lock, whose account is not locked."""
    if not membership.is_active:
        return []
    links = list(links_that_reach(membership).select_related("account__market", "vehicle"))
    if {link.pk for link in links} - {link.pk for link in seen}:
        raise Refusal("quote_changed", CHANGED)
    return links
