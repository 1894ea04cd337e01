"""Taking in what the cars' backend tells of maps: versions, and how far updates have come (C6). Locks the vehicles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from garage.models import MapUpdate, Vehicle, VehicleMap
from garage.notices.maps import tell_map_update
from garage.registry import get_registry
from garage.rules import maps as rules
from garage.rules import vin as vin_rules
from garage.rules.map_reports import MapReport, UpdateReport, VersionReport, is_before
from garage.rules.maps import State, Verdict
from garage.rules.said import Fault, Problem
from portal import audit

# By the place in the batch.
Reports = Mapping[int, MapReport]
# By the car's key; of locked cars.
Installed = dict[int, VehicleMap]


@dataclass(kw_only=True)
class Taken:
    """What became of a batch: how many changed something, how many told nothing new, and the places of the others.

    `not_here` are of cars in nobody's garage; `over` of updates that had come to another end.
    """

    kept: int = 0
    known: int = 0
    not_here: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    refused: dict[int, Fault] = field(default_factory=dict)


@transaction.atomic
def take_map_reports(*, reports: Reports, now: datetime) -> Taken:
    """Takes in what is good of a batch. Whatever comes twice or late changes nothing: a report says a state."""
    taken = Taken()
    versions = {index: report for index, report in reports.items() if isinstance(report, VersionReport)}
    moves = {index: report for index, report in reports.items() if isinstance(report, UpdateReport)}
    vehicles_of_moves = _vehicles_of({report.update for report in moves.values()})
    vins = {report.vin for report in versions.values() if not vin_rules.faults(report.vin)}
    cars = {car.vin: car for car in _locked(vins, set(vehicles_of_moves.values()))}
    installed = {row.vehicle_id: row for row in VehicleMap.objects.filter(vehicle__in=cars.values())}
    updates = {row.public_id: row for row in _updates(vehicles_of_moves)}
    for index, move in moves.items():
        _take_move(index, move, updates.get(move.update), installed, taken, now=now)
    _take_versions(versions, cars, installed, taken)
    return taken


def _vehicles_of(updates: set[UUID]) -> dict[UUID, int]:
    return dict(MapUpdate.objects.filter(public_id__in=updates).values_list("public_id", "vehicle"))


def _locked(vins: set[str], vehicle_ids: set[int]) -> list[Vehicle]:
    wanted = Vehicle.objects.filter(vin__in=vins) | Vehicle.objects.filter(pk__in=vehicle_ids)
    return list(wanted.select_for_update(no_key=True).order_by("pk"))


def _updates(vehicles: Mapping[UUID, int]) -> list[MapUpdate]:
    """As they are under the locks."""
    rows = MapUpdate.objects.filter(public_id__in=vehicles)
    return list(rows.select_related("account__market", "vehicle", "release"))


def _take_move(
    index: int, report: UpdateReport, update: MapUpdate | None, installed: Installed, taken: Taken, *, now: datetime
) -> None:
    if update is None:
        taken.refused[index] = Fault(problem=Problem.UNKNOWN_UPDATE, field="update")
    elif is_before(report.at, update.requested_at):
        taken.refused[index] = Fault(problem=Problem.BEFORE_REQUEST, field="at")
    else:
        match rules.verdict(State(update.state), report.state):
            case Verdict.MOVES:
                _move(update, report, installed, now=now)
                taken.kept += 1
            case Verdict.KNOWN:
                taken.known += 1
            case Verdict.OVER:
                taken.over.append(index)


def _move(update: MapUpdate, report: UpdateReport, installed: Installed, *, now: datetime) -> None:
    """Its moments stand in their order, though the clocks of portal and backend differ a little."""
    rules.check_move(State(update.state), report.state)
    update.state = report.state
    if report.state == State.SENT:
        update.sent_at = max(report.at, update.requested_at)
    else:
        update.ended_at = max(report.at, update.sent_at or update.requested_at)
    update.save(update_fields=["state", "sent_at", "ended_at"])
    audit.record(f"map update {report.state}", account=update.account, by=None, now=now, subject=update)
    if update.is_installed:
        _keep_version(update.vehicle, update.release.version, installed, at=report.at)
    if not update.is_open:
        tell_map_update(update, now=now)


def _take_versions(
    reports: Mapping[int, VersionReport], cars: Mapping[str, Vehicle], installed: Installed, taken: Taken
) -> None:
    elsewhere = {report.vin for report in reports.values() if report.vin not in cars}
    well_formed = {vin for vin in elsewhere if not vin_rules.faults(vin)}
    known = get_registry().known(well_formed) if well_formed else set()
    for index, report in reports.items():
        if report.vin in cars:
            is_new = _keep_version(cars[report.vin], report.version, installed, at=report.at)
            taken.kept, taken.known = taken.kept + is_new, taken.known + (not is_new)
        elif report.vin in known:
            taken.not_here.append(index)
        else:
            taken.refused[index] = Fault(problem=Problem.UNKNOWN_VIN, field="vin")


def _keep_version(vehicle: Vehicle, version: str, installed: Installed, *, at: datetime) -> bool:
    """What the car told last counts, whenever that comes in. Whether it was news."""
    row = installed.get(vehicle.pk)
    if row is None:
        installed[vehicle.pk] = VehicleMap.objects.create(vehicle=vehicle, version=version, reported_at=at)
        return True
    if at <= row.reported_at:
        return False
    row.version, row.reported_at = version, at
    row.save(update_fields=["version", "reported_at"])
    return True
