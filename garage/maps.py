"""Maps of a car: the version that it has, the newest release for its head unit, and its account's updates (C6)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Account
from garage.models import MapRelease, MapUpdate, Membership, Vehicle, VehicleMap
from garage.own_time import owner_at_its
from garage.rules import maps as rules
from garage.rules.maps import Edition


@dataclass(frozen=True, kw_only=True)
class CarMap:
    """What a car has and could have; `installed` is None until the car has told."""

    installed: VehicleMap | None
    # The number of the account that had control of the car when it told.
    reported_to: int | None
    # The release that the car's version is, where the list has it.
    known_as: MapRelease | None
    newest: MapRelease | None
    expected: Edition

    @property
    def is_due(self) -> bool:
        return rules.is_due(self.newest, installed=self._version)

    @property
    def may_be_brought(self) -> bool:
        """To the newest release."""
        return rules.may_offer(self.newest, installed=self._version)

    @property
    def _version(self) -> str | None:
        return self.installed.version if self.installed else None


def car_map(vehicle: Vehicle, *, today: date) -> CarMap:
    """Two queries."""
    maps = VehicleMap.objects.filter(vehicle=vehicle)
    installed = maps.annotate(owner_then=owner_at_its("reported_at")).first()
    releases = list(releases_for(vehicle))
    newest = rules.newest(releases, today=today)
    named = (release for release in releases if installed and release.version == installed.version)
    return CarMap(
        installed=installed,
        reported_to=installed.owner_then if installed else None,
        known_as=next(named, None),
        newest=newest,
        expected=rules.expected(newest.edition if newest else None, today=today),
    )


def releases_for(vehicle: Vehicle) -> QuerySet[MapRelease]:
    """Of the country for which the car was built."""
    return MapRelease.objects.filter(
        is_active=True, generation=vehicle.multimedia, market__code=vehicle.market_code
    ).order_by("released_on", "pk")


def updates_of(account: Account, vehicle: Vehicle) -> QuerySet[MapUpdate]:
    """D4: what the account itself asked for, newest first."""
    return (
        MapUpdate.objects.filter(account=account, vehicle=vehicle)
        .select_related("release")
        .order_by("-requested_at", "-pk")
    )


def update_or_404(membership: Membership, public_id: UUID) -> MapUpdate:
    return get_object_or_404(updates_of(membership.account, membership.vehicle), public_id=public_id)


def updates_to_send() -> QuerySet[MapUpdate]:
    """For the cars' backend, in the order in which they were asked for."""
    return MapUpdate.objects.filter(state=rules.State.REQUESTED).select_related("vehicle", "release").order_by("pk")
