"""Taking in what cars report of themselves: state, alerts and Privacy Mode, many at once (G10, D2, D4).

Locks the vehicles. A report is a record of its own, so no audit record stands beside it; what is told has one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from garage.actions.last_state import keep_last
from garage.models import ControlPeriod, Vehicle, VehicleAlert, VehiclePrivacy, VehicleReport
from garage.notices.alerts import tell_alerts
from garage.registry import get_registry
from garage.rules import reports as rules
from garage.rules import vin as vin_rules
from garage.rules.reports import AlertReport, Fault, PrivacyReport, Problem, Report, StateReport
from garage.rules.verification import OdometerReading, supersedes
from portal.batches import insert_all

MODELS: dict[type[Report], type[models.Model]] = {
    StateReport: VehicleReport,
    AlertReport: VehicleAlert,
    PrivacyReport: VehiclePrivacy,
}
# What telling an account needs.
WITH = ("account__market", "account__preferred_dealer")
# By the place in the batch.
Reports = Mapping[int, Report]
# Of the car with that VIN.
Reading = tuple[str, OdometerReading]


@dataclass(kw_only=True)
class Taken:
    """What became of a batch: how many were kept, or known before, and the places in it of the others.

    `left_out` are right, but arose while nobody had control of the car: they would be nobody's (D4).
    """

    kept: int = 0
    known: int = 0
    left_out: list[int] = field(default_factory=list)
    refused: dict[int, Fault] = field(default_factory=dict)


def take_reports(*, reports: Reports, now: datetime) -> Taken:
    """Takes in what is good of a batch; the same report again, by its id and car, changes nothing.

    The odometer of a car that nobody has control of goes to the registry all the same: by it access is proved (V1).
    """
    taken = Taken()
    good = _good(reports, taken=taken, now=now)
    readings = _keep(good, taken=taken, now=now)
    get_registry().take_readings(_last_of(readings))
    return taken


def _good(reports: Reports, *, taken: Taken, now: datetime) -> Reports:
    known = _known_vins({report.vin for report in reports.values()})
    good = {}
    for index, report in reports.items():
        fault = rules.fault_of(report, now=now)
        if fault is None and report.vin not in known:
            fault = Fault(problem=Problem.UNKNOWN_VIN, field="vin")
        if fault is None:
            good[index] = rules.not_ahead(report, now=now)
        else:
            taken.refused[index] = fault
    return good


def _known_vins(vins: set[str]) -> set[str]:
    """Of cars in a garage, and of those that only the registry knows."""
    well_formed = {vin for vin in vins if not vin_rules.faults(vin)}
    here = set(Vehicle.objects.filter(vin__in=well_formed).values_list("vin", flat=True))
    elsewhere = well_formed - here
    return here | (get_registry().known(elsewhere) if elsewhere else set())


@transaction.atomic
def _keep(reports: Reports, *, taken: Taken, now: datetime) -> list[Reading]:
    """Under the lock of the cars: control of one does not move meanwhile, and batches about it follow each other.

    Gives the readings for the registry. Of a report that is known it is the kept one, whatever the same id says now;
    and it is given again, for an earlier call may have been cut off before it had passed the reading on.
    """
    cars = _locked(reports.values())
    here = {index: report for index, report in reports.items() if report.vin in cars}
    new = _new(here, cars=cars)
    owned = _periods(new, cars=cars)
    kept = {
        index: rules.within(report, ended_at=owned[index].ended_at) if index in owned else report
        for index, report in new.items()
        if index in owned or isinstance(report, PrivacyReport)
    }
    rows = {index: _row(report, cars[report.vin], now=now) for index, report in kept.items()}
    for model in MODELS.values():
        insert_all([row for row in rows.values() if isinstance(row, model)])
    keep_last([(owned[index], report) for index, report in kept.items() if isinstance(report, StateReport)])
    tell_alerts([(owned[index], row) for index, row in rows.items() if isinstance(row, VehicleAlert)], now=now)
    taken.kept, taken.known = len(kept), len(here) - len(new)
    taken.left_out = sorted((reports.keys() - here.keys()) | (new.keys() - kept.keys()))
    known = [report for index, report in here.items() if index not in new]
    said = [report for index, report in reports.items() if index not in here or index in new]
    return [*_readings_in(said), *_kept_readings(known, cars=cars)]


def _locked(reports: Iterable[Report]) -> dict[str, Vehicle]:
    vins = {report.vin for report in reports}
    locked = Vehicle.objects.select_for_update(no_key=True).filter(vin__in=vins).order_by("pk")
    return {vehicle.vin: vehicle for vehicle in locked}


def _new(reports: Reports, *, cars: Mapping[str, Vehicle]) -> Reports:
    """Those that were not taken in before; of doubles within the batch the first."""
    seen = _seen(reports, cars=cars)
    new = {}
    for index, report in reports.items():
        key = (type(report), cars[report.vin].pk, report.id)
        if key not in seen:
            seen.add(key)
            new[index] = report
    return new


def _seen(reports: Reports, *, cars: Mapping[str, Vehicle]) -> set[tuple[type[Report], int, str]]:
    seen: set[tuple[type[Report], int, str]] = set()
    for kind, model in MODELS.items():
        ids = {report.id for report in reports.values() if isinstance(report, kind)}
        if ids:
            rows = model._default_manager.filter(vehicle__in=[car.pk for car in cars.values()], report_id__in=ids)
            seen |= {(kind, *row) for row in rows.values_list("vehicle", "report_id")}
    return seen


def _periods(reports: Reports, *, cars: Mapping[str, Vehicle]) -> dict[int, ControlPeriod]:
    """Whose time each report arose in (D4), where it was somebody's. A closed account has no time any more (A6)."""
    if not reports:
        return {}
    lasted = Q(ended_at__isnull=True) | Q(ended_at__gt=min(report.at for report in reports.values()))
    periods = ControlPeriod.objects.filter(lasted, vehicle__in=[car.pk for car in cars.values()])
    of_car: dict[int, list[ControlPeriod]] = {}
    for period in periods.filter(account__closing__isnull=True).select_related(*WITH):
        of_car.setdefault(period.vehicle_id, []).append(period)
    return {
        index: period
        for index, report in reports.items()
        for period in of_car.get(cars[report.vin].pk, ())
        if period.started_at <= report.at and (period.ended_at is None or report.at < period.ended_at)
    }


def _row(report: Report, vehicle: Vehicle, *, now: datetime) -> models.Model:
    common = {"vehicle": vehicle, "report_id": report.id, "at": report.at, "received_at": now}
    match report:
        case StateReport():
            return VehicleReport(last_contact_at=report.contact_at, **rules.sent_values(report), **common)
        case AlertReport():
            return VehicleAlert(alert=report.alert, details=list(report.details), **common)
        case PrivacyReport():
            return VehiclePrivacy(is_on=report.is_on, source=report.source, **common)
    raise TypeError(report)


def _readings_in(reports: Iterable[Report]) -> Iterator[Reading]:
    for report in reports:
        km = report.values.get("odometer_km") if isinstance(report, StateReport) else None
        if km is not None:
            yield report.vin, OdometerReading(km=km, taken_at=report.at)


def _kept_readings(reports: Iterable[Report], *, cars: Mapping[str, Vehicle]) -> Iterator[Reading]:
    ids = {report.id for report in reports if isinstance(report, StateReport)}
    if not ids:
        return
    kept = VehicleReport.objects.filter(vehicle__in=[car.pk for car in cars.values()], report_id__in=ids)
    for vin, km, at in kept.values_list("vehicle__vin", "odometer_km", "at"):
        if km is not None:
            yield vin, OdometerReading(km=km, taken_at=at)


def _last_of(readings: Iterable[Reading]) -> dict[str, OdometerReading]:
    last: dict[str, OdometerReading] = {}
    for vin, reading in readings:
        if supersedes(reading, known=last.get(vin)):
            last[vin] = reading
    return last
