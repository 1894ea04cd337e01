"""Scoped getters: every look-up starts from the account, so that a stranger's car is not found (law 11)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import AccessCheck, Membership, OrderedVehicle
from garage.models.membership import MembershipQuerySet
from garage.rules import verification as rules
from garage.rules.membership import Right
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given, knowing, one_or_404, written
from portal.refusals import Refusal


def current_memberships(account: Account) -> MembershipQuerySet:
    """The account's garage with vehicles and state, in the order in which the cars were added.

    A driver's last day ends on time, whether the job that ends the link has run or not (G12).
    """
    # By way of the account, so that each link knows it, and nobody reads it again.
    return _current(account.memberships.all(), now=timezone.now()).with_state()


def listed_memberships(account: Account) -> list[Membership]:
    """The same, for a page that narrows nothing."""
    return knowing(_memberships(account=account.pk, now=timezone.now()), account=account)


def listed_links(account: Account) -> list[Membership]:
    """The same without the state, as every page lists the cars."""
    return knowing(_links(account=account.pk, now=timezone.now()), account=account)


def membership_or_404(account: Account, public_id: UUID) -> Membership:
    found = _membership(account=account.pk, now=timezone.now(), public_id=public_id)
    return one_or_404(knowing(found, account=account))


def selected_membership(account: Account) -> Membership | None:
    """The car of which every service page speaks (G5), or None where the garage is empty."""
    return current_memberships(account).filter(is_selected=True).first()


def tries_left(membership: Membership) -> int:
    """How many wrong readings the account may still give for this car (V2)."""
    check = AccessCheck.objects.filter(account=membership.account_id, vehicle=membership.vehicle_id).first()
    return rules.tries_left(check.wrong_tries if check else 0)


def ordered_vehicles(account: Account) -> list[OrderedVehicle]:
    """The account's ordered cars that are not in a garage, with their stages, where their market shows them (G4).

    An order is the account's by its confirmed address as long as nobody has been entered on it.
    """
    return _ordered(account=account.pk)


@written
def _ordered(*, account: Given) -> QuerySet[OrderedVehicle]:
    confirmed = EmailAddress.objects.filter(user=account, verified=True).values_list(Lower("email"))
    mine = Q(account=account) | Q(account__isnull=True, email__in=confirmed)
    shown = OrderedVehicle.objects.filter(mine, market__shows_ordered_cars=True, membership__isnull=True)
    return with_rows(shown, "stages").order_by("expected_on", "pk")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block after three wrong readings, and when dealer or customer centre took it away (V3)."""

    since: datetime
    ended_at: datetime | None


def blocks_of(membership: Membership) -> list[Block]:
    """The account's blocks for this car, the newest first."""
    check = AccessCheck.objects.filter(account=membership.account_id, vehicle=membership.vehicle_id).first()
    if check is None:
        return []
    ended = check.unblockings.order_by("-blocked_at")
    running = [Block(since=check.blocked_at, ended_at=None)] if check.blocked_at else []
    return [*running, *(Block(since=one.blocked_at, ended_at=one.unblocked_at) for one in ended)]


def _current(links: MembershipQuerySet, *, now: Given) -> MembershipQuerySet:
    over = Q(verified_at__isnull=True, driver_until__isnull=False, driver_until__lte=now)
    return links.current().exclude(over).select_related("vehicle").order_by("linked_at", "pk")


@written
def _links(*, account: Given, now: Given) -> MembershipQuerySet:
    return _current(Membership.objects.filter(account=account), now=now)


@written
def _membership(*, account: Given, now: Given, public_id: Given) -> MembershipQuerySet:
    return _current(Membership.objects.filter(account=account, public_id=public_id), now=now).with_state()


@written
def _memberships(*, account: Given, now: Given) -> MembershipQuerySet:
    return _current(Membership.objects.filter(account=account), now=now).with_state()


def check_right(membership: Membership, right: Right) -> None:
    """Where there is no page to lead to. Raises `Refusal` right_missing (G11)."""
    if not membership.may(right):
        raise Refusal("right_missing", _("Only the account that controls this car may do this."))
