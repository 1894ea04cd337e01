"""What limits a package in the Connected Services Centre just now, beside its own state (C1, C2)."""

from dataclasses import dataclass
from datetime import datetime

from garage.models import Membership
from subscriptions.centre.incidents import incident_of, incidents_of, work_of
from subscriptions.centre.packages import Offer
from subscriptions.models import ServiceIncident
from subscriptions.rules.not_working import Work
from subscriptions.told import Told, told_by
from subscriptions.words.not_working import in_words, limited_services, moment_in_words, since_in_words


@dataclass(frozen=True, kw_only=True)
class Limits:
    work: Work = Work.NONE
    # The incident in words, or the maintenance that is announced; empty where there is none.
    words: str = ""
    begins: str = ""
    # The services that Privacy Mode limits, and since when; empty where it is off, or not this account's to see.
    limited: str = ""
    privacy_since: str = ""

    @property
    def is_in_maintenance(self) -> bool:
        return self.work is Work.MAINTENANCE

    @property
    def is_disturbed(self) -> bool:
        return self.work is Work.INCIDENT

    @property
    def is_announced(self) -> bool:
        return self.work is Work.ANNOUNCED


@dataclass(frozen=True, kw_only=True)
class LimitedOffer:
    offer: Offer
    limits: Limits


def with_limits(offers: list[Offer], membership: Membership, *, now: datetime) -> list[LimitedOffer]:
    """In the order given. A fixed number of queries."""
    told, incidents = told_by(membership), incidents_of(membership.account.market, now=now)
    return [
        LimitedOffer(offer=offer, limits=_limits(offer, told, incident_of(offer.package, incidents), now=now))
        for offer in offers
    ]


def _limits(offer: Offer, told: Told, incident: ServiceIncident | None, *, now: datetime) -> Limits:
    """Of a package that the car cannot have nothing is said."""
    if offer.is_unavailable:
        return Limits()
    limited = limited_services(offer.package) if told.privacy and told.privacy.is_on else []
    return Limits(
        work=work_of(incident, now=now),
        words=in_words(incident) if incident else "",
        begins=moment_in_words(incident.began_at) if incident else "",
        limited=", ".join(limited),
        privacy_since=since_in_words(told.privacy) if told.privacy and limited else "",
    )
