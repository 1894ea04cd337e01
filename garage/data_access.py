"""Scoped getters of a car's own data and of who may read it: each starts from the account (law 11, D4)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Account
from garage.access import current_memberships
from garage.models import ControlPeriod, DataGrant, Membership, Vehicle


def has_own_time(account: Account, vehicle: Vehicle) -> bool:
    """Whether the account has control of the car, or ever had: then data of its own may be there (D4)."""
    return ControlPeriod.objects.filter(account=account, vehicle=vehicle).exists()


def link_or_404(account: Account, public_id: UUID) -> Membership:
    """A link of the account with a car, also one that has ended if it had control of the car in its time."""
    link = current_memberships(account).filter(public_id=public_id).first()
    link = link or _links(account).filter(public_id=public_id, ended_at__isnull=False).first()
    if link is None or (link.ended_at and not has_own_time(account, link.vehicle)):
        raise Http404
    return link


@dataclass(frozen=True, kw_only=True)
class OwnCar:
    """`link` is the last one with the car."""

    link: Membership
    periods: list[ControlPeriod]

    @property
    def is_current(self) -> bool:
        return self.periods[-1].ended_at is None


def cars_with_own_time(account: Account) -> list[OwnCar]:
    """Each car that the account has control of or had, the last one first. Two queries."""
    periods: dict[int, list[ControlPeriod]] = {}
    for period in ControlPeriod.objects.filter(account=account).order_by("started_at", "pk"):
        periods.setdefault(period.vehicle_id, []).append(period)
    links = {link.vehicle_id: link for link in _links(account).filter(vehicle__in=periods).order_by("linked_at", "pk")}
    cars = [OwnCar(link=link, periods=periods[vehicle_id]) for vehicle_id, link in links.items()]
    return sorted(cars, key=lambda car: car.periods[-1].started_at, reverse=True)


def _links(account: Account) -> QuerySet[Membership]:
    return Membership.objects.filter(account=account).select_related("vehicle")
