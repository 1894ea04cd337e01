"""A map update over the air is asked for and called off (C6). Locks: accounts, vehicle."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage import map_cover
from garage.actions.locks import lock_car
from garage.maps import car_map
from garage.models import MapRelease, MapUpdate, Membership
from garage.rules import maps as rules
from garage.rules.maps import State
from garage.rules.membership import Right
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def ask_for_map_update(*, membership: Membership, release: MapRelease, now: datetime, by: Account) -> MapUpdate:
    """C6, C7: the active account asks for the newest release, which its packages include.

    Raises `Refusal`: not_active, update_open, not_newest, not_over_the_air, not_covered.
    """
    link = _locked(membership)
    if MapUpdate.objects.open().filter(vehicle=link.vehicle).exists():
        raise Refusal("update_open", _("An update of this car’s maps has been asked for already."))
    _check_release(link, release, now=now)
    if not map_cover.is_covered(link, now=now):
        raise Refusal("not_covered", _("None of the packages that run in this car includes new maps."))
    update = MapUpdate.objects.create(account=link.account, vehicle=link.vehicle, release=release, requested_at=now)
    audit.record("map update asked for", account=by, by=by, now=now, subject=update, version=release.version)
    return update


@transaction.atomic
def call_off_map_update(*, update: MapUpdate, now: datetime, by: Account) -> MapUpdate:
    """By whoever asked, until it is on its way. Raises `Refusal` update_not_waiting."""
    lock_car(vehicle_id=update.vehicle_id, account_ids=[update.account_id])
    current = MapUpdate.objects.select_related("account__market").get(pk=update.pk)
    if not current.may_be_called_off:
        raise Refusal("update_not_waiting", _("This update cannot be called off any more."))
    call_off(current, now=now, by=by)
    return current


def let_map_updates_go(*, account_id: int, vehicle_id: int, now: datetime) -> None:
    """Within the caller's locks: the account loses control, and does not follow the car's update any longer (D4)."""
    waiting = MapUpdate.objects.open().filter(account=account_id, vehicle=vehicle_id)
    for update in waiting.select_related("account__market"):
        call_off(update, now=now, by=None)


def forget_map_updates(account: Account, now: datetime) -> None:
    """With the closing of the account (A6): the version stays with the car, who asked for it is nobody's any more."""
    MapUpdate.objects.filter(account=account).delete()


def call_off(update: MapUpdate, *, now: datetime, by: Account | None) -> None:
    rules.check_move(State(update.state), State.CALLED_OFF)
    update.state, update.ended_at = State.CALLED_OFF, max(now, update.sent_at or now)
    update.save(update_fields=["state", "ended_at"])
    audit.record("map update called off", account=update.account, by=by, now=now, subject=update)


def _locked(membership: Membership) -> Membership:
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    links = Membership.objects.current().select_related("account__market", "vehicle")
    link = links.filter(pk=membership.pk).first()
    if link is None or not link.may(Right.CONTROL):
        raise Refusal("not_active", _("Your account does not control this car any more."))
    return link


def _check_release(link: Membership, release: MapRelease, *, now: datetime) -> None:
    offered = car_map(link.vehicle, today=link.account.market.local_date(now))
    if offered.newest != release or not offered.may_be_brought:
        raise Refusal("not_newest", _("There is no newer version for this car than the one that it has."))
    if not release.is_over_the_air:
        raise Refusal("not_over_the_air", _("This head unit takes new maps from a USB stick only."))
