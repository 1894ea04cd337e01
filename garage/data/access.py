"""Scoped getters of a car's own data and of who may read it: each starts from the account (law 11, D4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.actions.grant_ends import end_grant
from garage.data.vehicle_data import title_of
from garage.models import ControlPeriod, DataAccess, DataGrant, Membership, ThirdParty, Vehicle
from garage.models.grant import DataGrantQuerySet
from garage.models.membership import MembershipQuerySet
from garage.own_time import OwnTime, own_time_of
from garage.rules.membership import Right
from portal.reach import Reacher

# Data of one's own


@dataclass(frozen=True, kw_only=True)
class OwnCar:
    """`link` is the last one with the car."""

    link: Membership
    periods: list[ControlPeriod]

    @property
    def is_current(self) -> bool:
        return self.periods[-1].ended_at is None


def may_see_data(link: Membership) -> bool:
    """The active account, and whoever has or had control: what is its own stays its own (D4). Of a link with its own
    time."""
    return (link.ended_at is None and link.may(Right.VEHICLE_DATA)) or bool(link.own_periods)


def link_or_404(account: Account, public_id: UUID) -> Membership:
    """A link of the account with a car, also one that has ended if it had control of the car in its time.

    With its state and its own time. One query.
    """
    return _shown_or_404(_links(account).filter(public_id=public_id), public_id)


def own_time_or_404(account: Account, public_id: UUID) -> tuple[Membership, OwnTime]:
    """The same, and the account's time with the car, by whatever link. One query."""
    with_the_car = {"vehicle__memberships__account": account, "vehicle__memberships__public_id": public_id}
    links = list(_links(account).filter(**with_the_car))
    link = _shown_or_404(links, public_id)
    return link, own_time_of(account, link.vehicle, links)


def _shown_or_404(links: Iterable[Membership], public_id: UUID) -> Membership:
    link = next((link for link in links if link.public_id == public_id), None)
    if link is None or link.has_driven_out(timezone.now()) or (link.ended_at and not link.own_periods):
        raise Http404
    return link


def cars_with_own_time(account: Account) -> list[OwnCar]:
    """Each car that the account has control of or had, the last one first. Two queries."""
    periods: dict[int, list[ControlPeriod]] = {}
    for period in ControlPeriod.objects.filter(account=account).order_by("started_at", "pk"):
        periods.setdefault(period.vehicle_id, []).append(period)
    links = {link.vehicle_id: link for link in _links(account).filter(vehicle__in=periods).order_by("linked_at", "pk")}
    cars = [OwnCar(link=link, periods=periods[vehicle_id]) for vehicle_id, link in links.items()]
    return sorted(cars, key=lambda car: car.periods[-1].started_at, reverse=True)


def _links(account: Account) -> MembershipQuerySet:
    # By way of the account, so that each link knows it, and nobody reads it again.
    links: MembershipQuerySet = account.memberships.all()
    return links.with_state().with_own_time()


# Who else may read it


def third_parties_of(account: Account) -> QuerySet[ThirdParty]:
    """Whom the account may choose, in its market."""
    return ThirdParty.objects.filter(market=account.market_id, is_active=True).order_by("name", "pk")


def grants_of(account: Account, vehicle: Vehicle) -> DataGrantQuerySet:
    """The account's own of the car, the newest first, each with `last_read_at`."""
    last = DataAccess.objects.filter(grant=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    mine = DataGrant.objects.filter(account=account, vehicle=vehicle).annotate(last_read_at=Subquery(last))
    return mine.select_related("third_party__market").order_by("-granted_at", "-pk")


def grant_or_404(account: Account, public_id: UUID) -> DataGrant:
    mine = DataGrant.objects.filter(account=account).select_related("third_party__market", "vehicle")
    return get_object_or_404(mine, public_id=public_id)


def accesses_of(grant: DataGrant) -> QuerySet[DataAccess]:
    return DataAccess.objects.filter(grant=grant).order_by("-at", "-pk")


def reachers_of(account: Account, vehicle: Vehicle) -> Iterator[Reacher]:
    """For the page of all that reaches a car (L1)."""
    for grant in grants_of(account, vehicle).running():
        kinds = ", ".join(str(title_of(name)) for name in grant.kinds)
        yield Reacher(
            name=grant.third_party.name,
            detail=_("It reads: %(kinds)s.") % {"kinds": kinds},
            since=grant.granted_at,
            end_url=reverse("grant_end", args=[grant.public_id]),
            is_by_control=True,
            id=grant.public_id,
            end=partial(end_grant, grant=grant),
        )
