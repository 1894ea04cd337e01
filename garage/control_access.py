"""Scoped getters for what accounts share of a car: each starts from the account, a stranger's is not found (law 11)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Account
from garage.access import current_memberships
from garage.models import ControlTransfer, DriverAccess, Membership, Vehicle
from garage.models.control import ControlTransferQuerySet
from garage.rules.control import Way
from garage.rules.drivers import TO_ACCEPT
from portal.querying.written import Given, written


def offers_to(account: Account | Given) -> ControlTransferQuerySet:
    """Of control, to an address that the account has confirmed; those that are over, too."""
    offers = ControlTransfer.objects.offers().filter(email__in=_addresses(account)).exclude(giver=account)
    return offers.select_related("vehicle", "giver__market")


def listed_offers(account: Account, *, now: datetime) -> list[ControlTransfer]:
    """Those that it may still take, the oldest first."""
    return _offers(account=account.pk, now=now)


@written
def _offers(*, account: Given, now: Given) -> ControlTransferQuerySet:
    return offers_to(account).open().filter(due_at__gt=now).order_by("begun_at", "pk")


def offer_to_or_404(account: Account, public_id: UUID) -> ControlTransfer:
    return get_object_or_404(offers_to(account), public_id=public_id)


def offer_of_or_404(giver: Account, public_id: UUID) -> ControlTransfer:
    offers = ControlTransfer.objects.offers().select_related("vehicle", "giver__market")
    return get_object_or_404(offers.filter(giver=giver), public_id=public_id)


def request_to_or_404(giver: Account, public_id: UUID) -> ControlTransfer:
    """As the one who is asked."""
    requests = ControlTransfer.objects.requests().select_related("vehicle", "giver__market")
    return get_object_or_404(requests.filter(giver=giver), public_id=public_id)


def request_of_or_404(taker: Account, public_id: UUID) -> ControlTransfer:
    """As the one who asks."""
    requests = ControlTransfer.objects.requests().select_related("vehicle", "giver__market")
    return get_object_or_404(requests.filter(taker=taker), public_id=public_id)


def transfer_or_404(account: Account, public_id: UUID, *, way: Way) -> ControlTransfer:
    """As whoever has a part in it: who gives, who asks, to whom it is offered."""
    offered = Q(pk__in=offers_to(account).values("pk"))
    mine = ControlTransfer.objects.filter(Q(giver=account) | Q(taker=account) | offered, way=way)
    return get_object_or_404(mine.select_related("vehicle", "giver__market"), public_id=public_id)


def link_of(account: Account, transfer: ControlTransfer) -> Membership | None:
    """The account's own link with the car of the offer or request."""
    return current_memberships(account).filter(vehicle=transfer.vehicle_id).first()


def transfers_about(membership: Membership) -> dict[str, ControlTransferQuerySet]:
    """What is open about the car and concerns the account, the oldest first; by the part that the account has in it."""
    account = membership.account
    transfers = ControlTransfer.objects.open().filter(vehicle=membership.vehicle).order_by("begun_at", "pk")
    return {
        "asked_of_me": transfers.requests().filter(giver=account),
        "asked_by_me": transfers.requests().filter(taker=account),
        "offered_by_me": transfers.offers().filter(giver=account),
        "offered_to_me": offers_to(account).open().filter(vehicle=membership.vehicle),
    }


def drivers_of(owner: Account, vehicle: Vehicle) -> QuerySet[DriverAccess]:
    """Whom the account has invited to the car and not ended, newest first."""
    rows = DriverAccess.objects.filter(owner=owner, vehicle=vehicle, ended_at__isnull=True)
    return rows.select_related("vehicle", "owner__market").order_by("-invited_at", "-pk")


def driver_or_404(owner: Account, public_id: UUID) -> DriverAccess:
    rows = DriverAccess.objects.filter(owner=owner, ended_at__isnull=True).select_related("vehicle", "owner__market")
    return get_object_or_404(rows, public_id=public_id)


def driver_invitation_or_404(account: Account, public_id: UUID) -> DriverAccess:
    """Open, and to an address that this account has confirmed: nobody else learns that there is one."""
    return get_object_or_404(driver_invitations_to(account), public_id=public_id)


def inviting_link_or_404(access: DriverAccess) -> Membership:
    """The owner's link: an invitation stands only as long as its account controls the car."""
    membership = current_memberships(access.owner).filter(vehicle=access.vehicle_id, is_active=True).first()
    if membership is None:
        raise Http404
    return membership


def links_beside(membership: Membership) -> QuerySet[Membership]:
    """Other accounts that have the car in their garage, but for the drivers whom this one invited."""
    others = Membership.objects.current().filter(vehicle=membership.vehicle_id).exclude(pk=membership.pk)
    return others.exclude(account__in=_drivers(membership)).order_by("linked_at", "pk")


def links_that_reach(link: Membership) -> QuerySet[Membership]:
    """Other accounts that reach the car: they proved access, or drive by somebody else's invitation.

    Who has only typed the VIN sees no more than anybody. Of a link that has ended: those of its time, without the
    account that has control since, and without who came later (L1).
    """
    reaches = Q(verified_at__isnull=False) | Q(driver_since__isnull=False)
    if link.ended_at:
        reaches = Q(verified_at__lt=link.ended_at) | Q(driver_since__lt=link.ended_at)
    others = Membership.objects.current().filter(reaches, vehicle=link.vehicle_id, is_active=False)
    # Whom the account invited leaves with the car, but for those who have proved access beside.
    others = others.exclude(account__in=_drivers(link), verified_at__isnull=True)
    return others.exclude(account=link.account_id).order_by("pk")


def link_beside_or_404(membership: Membership, public_id: UUID) -> Membership:
    return get_object_or_404(links_beside(membership), public_id=public_id)


def driver_invitations_to(account: Account | Given) -> QuerySet[DriverAccess]:
    """To addresses that the account has confirmed, neither accepted nor ended; newest first."""
    rows = DriverAccess.objects.filter(email__in=_addresses(account), driver__isnull=True, ended_at__isnull=True)
    return rows.exclude(owner=account).select_related("vehicle", "owner__market").order_by("-invited_at", "-pk")


def invitations_that_stand(account: Account, *, now: datetime) -> QuerySet[DriverAccess]:
    """G12: those that it may still accept."""
    return driver_invitations_to(account).filter(invited_at__gt=now - TO_ACCEPT)


def listed_invitations(account: Account, *, now: datetime) -> list[DriverAccess]:
    """The same, read."""
    return _invitations(account=account.pk, since=now - TO_ACCEPT)


@written
def _invitations(*, account: Given, since: Given) -> QuerySet[DriverAccess]:
    return driver_invitations_to(account).filter(invited_at__gt=since)


def _drivers(membership: Membership) -> QuerySet[Account]:
    return Account.objects.filter(
        drives__vehicle=membership.vehicle_id, drives__owner=membership.account_id, drives__ended_at__isnull=True
    )


def _addresses(account: Account | Given) -> QuerySet[EmailAddress, Any]:
    return EmailAddress.objects.filter(user=account, verified=True).values_list(Lower("email"))
