"""The active account cuts off another one that still reaches its car: a previous owner, for instance (L1, V4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.control import settle_after_leaving
from garage.actions.drivers import check_active, end_driving_of
from garage.actions.locks import lock_car
from garage.actions.unlink import unlink
from garage.models import ControlTransfer, Membership
from garage.notices.sharing import tell_cut_off
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def cut_off(*, membership: Membership, other: Membership, now: datetime, by: Account) -> None:
    """Ends another account's link with the car; it is told. Nothing of it runs on the car (S7), so no money moves.

    It may add the car again and prove access again. Raises `Refusal`: not_active, or request_open while it asks for
    control: nobody rids itself of an answer (V4). A second time changes nothing.
    """
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id, other.account_id])
    check_active(membership)
    current = Membership.objects.current().select_related("account__market", "vehicle")
    link = current.filter(pk=other.pk, vehicle=membership.vehicle_id).exclude(pk=membership.pk).first()
    if link is None:
        return
    end_link_of_another(link, membership=membership, now=now, by=by)


def end_link_of_another(link: Membership, *, membership: Membership, now: datetime, by: Account) -> None:
    """Within the caller's locks on both accounts and the vehicle, of which `membership` has control.

    Raises `Refusal` request_open.
    """
    asks = ControlTransfer.objects.open().requests().filter(vehicle=link.vehicle_id, taker=link.account_id)
    if asks.exists():
        raise Refusal("request_open", _("This account asks for control of the car. Please answer that first."))
    end_driving_of(link, now=now, by=by)
    unlink(link, now=now, by=by)
    settle_after_leaving(link, now=now)
    audit.record("link cut off", account=membership.account, by=by, now=now, subject=link)
    tell_cut_off(link, now=now)
