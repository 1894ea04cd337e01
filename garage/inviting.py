"""Inviting a driver, from a page or over the API: no more often in an hour than it is meant (G12)."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from garage.actions.drivers import invite_driver
from garage.models import DriverAccess, Membership
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

MOST_AN_HOUR = 20


def invite(membership: Membership, *, email: str, last_on: date | None, now: datetime) -> DriverAccess:
    """As `invite_driver`; refuses with `too_many` as well after twenty tries, whatever became of them."""
    owner = membership.account
    if not take_turn("drivers-by", str(owner.pk), most=MOST_AN_HOUR, now=now):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
    return invite_driver(membership=membership, email=email, last_on=last_on, now=now, by=owner)
