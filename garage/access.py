"""Scoped getters: every look-up starts from the account, so that a stranger's car is not found (law 11)."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.models import Account
from garage.models import AccessCheck, Membership
from garage.models.membership import MembershipQuerySet
from garage.rules import verification as rules


def current_memberships(account: Account) -> MembershipQuerySet:
    """The account's garage with vehicles and state, in the order in which the cars were added.

    A driver's last day ends on time, whether the job that ends the link has run or not (G12).
    """
    now = timezone.now()
    over = Q(verified_at__isnull=True, driver_until__isnull=False, driver_until__lte=now)
    current = Membership.objects.current().filter(account=account).exclude(over)
    return current.with_state().order_by("linked_at", "pk")


def membership_or_404(account: Account, public_id: UUID) -> Membership:
    membership = current_memberships(account).filter(public_id=public_id).first()
    if membership is None:
        raise Http404
    return membership


def selected_membership(account: Account) -> Membership | None:
    """The car of which every service page speaks (G5), or None where the garage is empty."""
    return current_memberships(account).filter(is_selected=True).first()


def tries_left(membership: Membership) -> int:
    """How many wrong readings the account may still give for this car (V2)."""
    check = AccessCheck.objects.filter(account=membership.account_id, vehicle=membership.vehicle_id).first()
    return rules.tries_left(check.wrong_tries if check else 0)
