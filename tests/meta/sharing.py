"""Two accounts that share their cars: each has the other's in its garage, and everything that can be open is open."""

from uuid import UUID

from garage.actions.drivers import invite_driver
from garage.actions.profile import link_profile
from garage.models import Membership
from garage.models.profile import Source
from subscriptions.actions.control import request_control
from subscriptions.actions.offer_control import offer_control
from tests import make
from tests.garage.maps import map_update


def shared(own: Membership, others: Membership) -> dict[str, UUID]:
    """Public ids by the names of tests/meta/routes.py, seen from whoever has `own`; on both cars something is paid."""
    owner, other, now = own.account, others.account, make.NOW
    beside = make.verified(other, own.vehicle)
    asked = request_control(membership=beside, now=now, by=other)
    asks = request_control(membership=make.verified(owner, others.vehicle), now=now, by=owner)
    offer = offer_control(membership=own, email="buyer@example.com", confirmed=None, now=now, by=owner)
    offered = offer_control(membership=others, email=owner.email, confirmed=None, now=now, by=other)
    driver = invite_driver(membership=own, email="driver@example.com", last_on=None, now=now, by=owner)
    driving = invite_driver(membership=others, email=owner.email, last_on=None, now=now, by=other)
    profile = link_profile(membership=own, source=Source.DECLARED, now=now, by=owner)
    update = map_update(own, now=now)
    rows = {
        "link_beside": beside,
        "control_request": asked,
        "own_control_request": asks,
        "offer": offer,
        "offered": offered,
        "driver": driver,
        "driving": driving,
        "profile": profile,
        "map_update": update,
    }
    return {name: row.public_id for name, row in rows.items()}
