"""Taking in what cars report of themselves: state, alerts and Privacy Mode, many at once (G10, D2, D4).

Locks the vehicles. A report is a record of its own, so no audit record stands beside it; what is told has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from accounts.rules.notices import kept_from
from garage.actions.last_state import keep_last
from garage.models import ControlPeriod, Vehicle, VehicleAlert, VehiclePrivacy, VehicleReport
from garage.registry import get_registry
from garage.report_wording import fault_sentence
from garage.rules import reports as rules
from garage.rules import vin as vin_rules
from garage.rules.reports import AlertReport, Fault, PrivacyReport, Problem, Report, StateReport
from garage.rules.verification import OdometerReading
from garage.telling_alerts import tell_alerts
from portal.batches import insert_all

Kind = TypeVar("Kind", bound=Report)
MODELS = {StateReport: VehicleReport, AlertReport: VehicleAlert, PrivacyReport: VehiclePrivacy}


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One report that was not taken in: its place in the batch, a stable code, and a sentence."""

    index: int
    code: str
    field: str
    sentence: str


@dataclass(kw_only=True)
class Taken:
    """What became of a batch. `passed_over` arose while nobody had control of the car: it would be nobody's (D4)."""

    kept: int = 0
    known: int = 0
    passed_over: int = 0
    refused: list[Refused] = field(default_factory=list)


def take_reports(*, reports: Mapping[int, Report], now: datetime) -> Taken:
    """Takes in what is good of a batch, by its place in it; the same report again, by its id and car, changes nothing.

    The odometer of a car that is in no garage goes to the registry all the same: by it access is proved (V1).
    """
    taken = Taken()
    good = _good(reports, taken=taken, now=now)
    _keep(list(good.values()), taken=taken, now=now)
    get_registry().take_readings(_last_readings(good.values()))
    return taken


def _good(reports: Mapping[int, Report], *, taken: Taken, now: datetime) -> dict[int, Report]:
    oldest = datetime.combine(kept_from(today=now.date(), months=rules.KEPT_MONTHS), time.min, tzinfo=UTC)
    known = _known_vins({report.vin for report in reports.values()})
    good = {}
    for index, report in reports.items():
        fault = rules.fault_of(report, now=now, kept_from=oldest)
        if fault is None and report.vin not in known:
            fault = Fault(problem=Problem.UNKNOWN_VIN, field="vin")
        if fault is None:
            good[index] = report
        else:
            said = fault_sentence(fault)
            taken.refused.append(Refused(index=index, code=str(fault.problem), field=fault.field, sentence=said))
    return good


def _known_vins(vins: set[str]) -> set[str]:
    """Of cars in a garage, and of those that only the registry knows."""
    well_formed = {vin for vin in vins if not vin_rules.faults(vin)}
    here = set(Vehicle.objects.filter(vin__in=well_formed).values_list("vin", flat=True))
    elsewhere = well_formed - here
    return here | (get_registry().known(elsewhere) if elsewhere else set())


@transaction.atomic
def _keep(reports: Sequence[Report], *, taken: Taken, now: datetime) -> None:
    """Under the lock of the cars: control of one does not move meanwhile, and batches about it follow each other."""
    vins = {report.vin for report in reports}
    locked = Vehicle.objects.select_for_update(no_key=True).filter(vin__in=vins).order_by("pk")
    cars = {vehicle.vin: vehicle for vehicle in locked}
    taken.passed_over += sum(report.vin not in cars for report in reports)
    here = [report for report in reports if report.vin in cars]
    new = _new(here, cars=cars)
    taken.known += len(here) - len(new)
    _keep_privacy(_of(PrivacyReport, new), cars=cars, now=now)
    times = _Times(cars.values(), since=min((report.at for report in new), default=now))
    owned = {id(report): period for report in new if (period := times.period_of(cars[report.vin], report.at))}
    states = [report for report in _of(StateReport, new) if id(report) in owned]
    alerts = [report for report in _of(AlertReport, new) if id(report) in owned]
    _keep_states(states, cars=cars, periods=[owned[id(report)] for report in states], now=now)
    _keep_alerts(alerts, cars=cars, periods=[owned[id(report)] for report in alerts], now=now)
    kept = len(states) + len(alerts) + len(_of(PrivacyReport, new))
    taken.kept += kept
    taken.passed_over += len(new) - kept


def _of(kind: type[Kind], reports: Iterable[Report]) -> list[Kind]:
    return [report for report in reports if isinstance(report, kind)]


def _new(reports: Sequence[Report], *, cars: Mapping[str, Vehicle]) -> list[Report]:
    """Those that were not taken in before; of doubles within the batch the first."""
    seen = _seen(reports, cars=cars)
    new = []
    for report in reports:
        key = (type(report), cars[report.vin].pk, report.id)
        if key not in seen:
            seen.add(key)
            new.append(report)
    return new


def _seen(reports: Sequence[Report], *, cars: Mapping[str, Vehicle]) -> set[tuple[type[Report], int, str]]:
    seen = set()
    for kind, model in MODELS.items():
        ids = {report.id for report in reports if isinstance(report, kind)}
        if ids:
            rows = model._default_manager.filter(vehicle__in=[car.pk for car in cars.values()], report_id__in=ids)
            seen |= {
                (kind, vehicle_id, report_id) for vehicle_id, report_id in rows.values_list("vehicle", "report_id")
            }
    return seen


class _Times:
    """Whose time a moment of a car was (D4), for many at once. A closed account has no time any more (A6)."""

    def __init__(self, cars: Iterable[Vehicle], *, since: datetime) -> None:
        lasted = Q(ended_at__isnull=True) | Q(ended_at__gt=since)
        open_accounts = ControlPeriod.objects.filter(lasted, vehicle__in=[car.pk for car in cars]).filter(
            account__closing__isnull=True
        )
        self._periods: dict[int, list[ControlPeriod]] = {}
        for period in open_accounts.select_related("account__market", "account__preferred_dealer"):
            self._periods.setdefault(period.vehicle_id, []).append(period)

    def period_of(self, car: Vehicle, moment: datetime) -> ControlPeriod | None:
        for period in self._periods.get(car.pk, []):
            if period.started_at <= moment and (period.ended_at is None or moment < period.ended_at):
                return period
        return None


def _keep_states(
    reports: Sequence[StateReport],
    *,
    cars: Mapping[str, Vehicle],
    periods: Sequence[ControlPeriod],
    now: datetime,
) -> None:
    insert_all(
        [
            VehicleReport(
                vehicle=cars[report.vin],
                report_id=report.id,
                at=report.at,
                received_at=now,
                last_contact_at=max(report.last_contact_at or report.at, report.at),
                **rules.sent_values(report),
            )
            for report in reports
        ]
    )
    keep_last(list(zip(periods, reports, strict=True)))


def _keep_alerts(
    reports: Sequence[AlertReport],
    *,
    cars: Mapping[str, Vehicle],
    periods: Sequence[ControlPeriod],
    now: datetime,
) -> None:
    alerts = [
        VehicleAlert(
            vehicle=cars[report.vin],
            report_id=report.id,
            alert=report.alert,
            details=list(report.details),
            at=report.at,
            received_at=now,
        )
        for report in reports
    ]
    insert_all(alerts)
    tell_alerts(list(zip(periods, alerts, strict=True)), now=now)


def _keep_privacy(reports: Sequence[PrivacyReport], *, cars: Mapping[str, Vehicle], now: datetime) -> None:
    insert_all(
        [
            VehiclePrivacy(
                vehicle=cars[report.vin],
                report_id=report.id,
                is_on=report.is_on,
                source=report.source,
                at=report.at,
                received_at=now,
            )
            for report in reports
        ]
    )


def _last_readings(reports: Iterable[Report]) -> dict[str, OdometerReading]:
    readings: dict[str, OdometerReading] = {}
    for report in _of(StateReport, reports):
        km, known = report.values.get("odometer_km"), readings.get(report.vin)
        if km is not None and (known is None or report.at > known.taken_at):
            readings[report.vin] = OdometerReading(km=km, taken_at=report.at)
    return readings
