"""What an account is asked about cars of others: to drive one (G12), to take control of one (V4). For My Garage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.control_access import listed_invitations, listed_offers


@dataclass(frozen=True, kw_only=True)
class Asked:
    text: str
    label: str
    url: str


def asked_of(account: Account, *, now: datetime) -> Iterator[Asked]:
    """The mail with the link may be lost; what it said is here as well. Two queries."""
    for access in listed_invitations(account, now=now):
        yield Asked(
            text=_("Invitation to drive a car"),
            label=_("Drive this car: %(model)s?") % {"model": access.vehicle.model},
            url=reverse("driver_invitation", args=[access.public_id]),
        )
    for offer in listed_offers(account, now=now):
        yield Asked(
            text=_("Control of a car is offered to you"),
            label=_("Take control of this car: %(model)s?") % {"model": offer.vehicle.model},
            url=reverse("control_offered", args=[offer.public_id]),
        )
