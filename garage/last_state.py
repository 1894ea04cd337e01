"""What an account may see of a car's last state: of its own times of control, and nothing from outside them (D4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from garage.models import Membership, VehicleState
from garage.own_time import periods_of
from garage.rules.membership import Right
from garage.rules.reports import GROUPS
from portal.querying.written import Given, is_one_of, written


@dataclass(frozen=True, kw_only=True)
class LastState:
    """The values of `garage.rules.reports.GROUPS` that the car has told, and the moment of each group."""

    values: dict[str, Any]
    moments: dict[str, datetime]
    last_contact_at: datetime

    def has(self, group: str) -> bool:
        return group in self.moments

    @property
    def at(self) -> datetime:
        """The moment of the newest value."""
        return max(self.moments.values())


def may_look(membership: Membership, account: Account) -> bool:
    """Whether the link has a page of what the car reported: the active account's, and that of one which had control
    before and keeps its own (D4)."""
    return membership.may(Right.VEHICLE_DATA) or periods_of(account, membership.vehicle).exists()


def last_states(account_id: int, vehicle_ids: Collection[int]) -> dict[int, LastState]:
    """By the car's number, of those that have reported in the account's time. One query, none for no car."""
    if not vehicle_ids:
        return {}
    of_car: dict[int, list[VehicleState]] = {}
    for row in _states(account=account_id, vehicles=list(vehicle_ids)):
        of_car.setdefault(row.period.vehicle_id, []).append(row)
    return {vehicle_id: _merged(own) for vehicle_id, own in of_car.items()}


@written
def _states(*, account: Given, vehicles: Given) -> QuerySet[VehicleState]:
    rows = VehicleState.objects.filter(is_one_of("period__vehicle", vehicles), period__account=account)
    return rows.select_related("period").order_by("-period__started_at", "-pk")


def _merged(states: Iterable[VehicleState]) -> LastState:
    """Of an account that had control more than once: what the newest time does not tell, the one before may."""
    states = list(states)
    values: dict[str, Any] = {}
    moments: dict[str, datetime] = {}
    for state in states:
        for group, names in GROUPS.items():
            moment = getattr(state, f"{group}_at")
            if moment and group not in moments:
                moments[group] = moment
                values |= {name: getattr(state, name) for name in names}
    return LastState(values=values, moments=moments, last_contact_at=max(state.last_contact_at for state in states))
