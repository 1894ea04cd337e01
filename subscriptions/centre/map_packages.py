"""Which packages bring new maps to a car, and whether one of them runs (C6)."""

from collections.abc import Iterable
from datetime import datetime

from garage.models import Membership
from subscriptions.centre.packages import Offer, offers_for
from subscriptions.rules.offer import OfferState

RUNNING = frozenset(
    {
        OfferState.STANDARD,
        OfferState.COMPLIMENTARY,
        OfferState.TRIAL,
        OfferState.PAID,
        OfferState.ENDING,
        # The service stays on while the charge is tried again (P2).
        OfferState.PAST_DUE,
    }
)


def has_new_maps(membership: Membership, now: datetime) -> bool:
    """The answer to `garage.map_cover`: free years count once they are activated."""
    return is_included(map_offers(offers_for(membership, today=membership.account.market.local_date(now))))


def map_offers(offers: Iterable[Offer]) -> list[Offer]:
    """Those whose packages contain a service that brings new maps, and that this car can have."""
    return [offer for offer in offers if not offer.is_unavailable and _brings_maps(offer)]


def is_included(offers: Iterable[Offer]) -> bool:
    return any(offer.state in RUNNING for offer in offers)


def _brings_maps(offer: Offer) -> bool:
    return any(service.updates_maps and service.pk not in offer.without for service in offer.package.services.all())
