"""What a car reports of itself: what may be taken in, and which of several values is its last (G10)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.rules.notices import kept_from
from garage.rules.odometer import HIGHEST_KM

# A car keeps what it reported for as long as it may be disputed and compared; then it goes.
KEPT_MONTHS = 36
# What a car reported longer ago is said to be old.
OLD_AFTER = timedelta(days=3)
# Clocks of car, backend and portal may disagree by so much; what is dated further ahead would be "last" for ever.
MOST_AHEAD = timedelta(minutes=5)

REPORT_ID = re.compile(r"[!-~]{1,64}")
LIGHT = re.compile(r"[a-z][a-z0-9_]{0,39}")

CORNERS = ("front_left", "front_right", "rear_left", "rear_right")
LAMPS = ("parking_lights", "headlights", "high_beam", "fog_lights", "hazard_lights", "interior_lights")
MOST_LIGHTS = 30


class Alert(StrEnum):
    """G10: what the car tells after a trip."""

    WINDOW_OPEN = "window_open"
    DOOR_OPEN = "door_open"
    DOOR_UNLOCKED = "door_unlocked"
    BOOT_OPEN = "boot_open"
    HOOD_OPEN = "hood_open"
    SUNROOF_OPEN = "sunroof_open"
    HAZARD_LIGHTS_ON = "hazard_lights_on"
    HEADLIGHTS_ON = "headlights_on"
    WARNING_LIGHT = "warning_light"
    REAR_SEAT = "rear_seat"


class Source(StrEnum):
    """D2: where Privacy Mode was switched."""

    APP = "app"
    CAR = "car"


# What belongs together is reported together, and has one moment: a group and its values.
GROUPS: dict[str, tuple[str, ...]] = {
    "odometer": ("odometer_km",),
    "fuel": ("fuel_percent", "fuel_range_km"),
    "charge": ("charge_percent", "charge_range_km"),
    "tyres": tuple(f"tyre_{corner}_kpa" for corner in CORNERS),
    "battery": ("battery_volts",),
    "doors": ("doors_open", "doors_unlocked"),
    "windows": ("windows_open",),
    "boot": ("is_boot_open",),
    "hood": ("is_hood_open",),
    "sunroof": ("is_sunroof_open",),
    "lights": ("lights_on",),
    "warning_lights": ("warning_lights",),
}
VALUES = tuple(name for names in GROUPS.values() for name in names)
MOMENTS = tuple(f"{group}_at" for group in GROUPS)

Limit = int | Decimal
# The least and the most that a value may be.
LIMITS: dict[str, tuple[Limit, Limit]] = {
    "odometer_km": (0, HIGHEST_KM),
    "fuel_percent": (0, 100),
    "fuel_range_km": (0, 3_000),
    "charge_percent": (0, 100),
    "charge_range_km": (0, 3_000),
    **dict.fromkeys(GROUPS["tyres"], (0, 1_000)),
    "battery_volts": (Decimal(0), Decimal("30")),
}
# Of a list: what may stand in it; None for lights, of which a new car may have one that nobody has heard of.
CODES: dict[str, tuple[str, ...] | None] = {
    "doors_open": CORNERS,
    "doors_unlocked": CORNERS,
    "windows_open": CORNERS,
    "lights_on": LAMPS,
    "warning_lights": None,
}
PLACES: dict[Alert, tuple[str, ...] | None] = {
    Alert.WINDOW_OPEN: CORNERS,
    Alert.DOOR_OPEN: CORNERS,
    Alert.DOOR_UNLOCKED: CORNERS,
    Alert.WARNING_LIGHT: None,
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """`id` is the sender's; `at` is the moment at which what it says arose."""

    id: str
    vin: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StateReport(Report):
    """`values` by the names of `GROUPS`; one that was not sent is missing or None."""

    values: Mapping[str, Any]
    # When the car last spoke to its backend; no earlier than `at`.
    last_contact_at: datetime | None = None

    @property
    def contact_at(self) -> datetime:
        return max(self.last_contact_at or self.at, self.at)


@dataclass(frozen=True, kw_only=True)
class AlertReport(Report):
    alert: str
    # Corners of the car, or the codes of its warning lights.
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrivacyReport(Report):
    is_on: bool
    source: str


class Problem(StrEnum):
    MISSING = "missing"
    WRONG_KIND = "wrong_kind"
    REPORT_ID = "report_id"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_CODE = "unknown_code"
    EMPTY = "empty"
    UNKNOWN_VIN = "unknown_vin"


@dataclass(frozen=True, kw_only=True)
class Fault:
    problem: Problem
    field: str = ""


def fault_of(report: Report, *, now: datetime) -> Fault | None:
    """G10: what forbids to take the report in, the first that is found; None if nothing does."""
    if not REPORT_ID.fullmatch(report.id):
        return Fault(problem=Problem.REPORT_ID, field="id")
    if report.at > now + MOST_AHEAD:
        return Fault(problem=Problem.IN_FUTURE, field="at")
    if report.at < kept_since(now):
        return Fault(problem=Problem.TOO_OLD, field="at")
    match report:
        case StateReport():
            return _state_fault(report, now=now)
        case AlertReport():
            return _alert_fault(report)
        case PrivacyReport():
            return None if report.source in set(Source) else Fault(problem=Problem.UNKNOWN_CODE, field="source")
    raise TypeError(report)


def not_ahead(report: Report, *, now: datetime) -> Report:
    """What a fast clock dates a little ahead has arisen now: it is of no time that has not come (D4)."""
    return replace(report, at=now) if report.at > now else report


def within(report: Report, *, ended_at: datetime | None) -> Report:
    """D4: that the car spoke again after its control had gone on is not of the account that had it before."""
    if ended_at is None or not isinstance(report, StateReport) or report.contact_at < ended_at:
        return report
    return replace(report, last_contact_at=None)


def kept_since(now: datetime) -> datetime:
    """The moment from which reports are kept: what arose earlier goes, and is not taken in."""
    return datetime.combine(kept_from(today=now.date(), months=KEPT_MONTHS), time.min, tzinfo=UTC)


def is_old(at: datetime, *, now: datetime) -> bool:
    """G10: whether the car has not said it for so long that the page says so."""
    return now - at > OLD_AFTER


def sent_values(report: StateReport) -> dict[str, Any]:
    return {name: report.values[name] for name in VALUES if report.values.get(name) is not None}


def last_of(reports: Iterable[StateReport], *, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Of each group the values of the report in which it arose last, with that moment as `<group>_at`, after `known`.

    Whatever order the reports come in; of two of the same moment the first counts. A group is taken whole.
    """
    last = dict(known or {})
    for report in reports:
        for group, names in GROUPS.items():
            if all(report.values.get(name) is None for name in names):
                continue
            known_at = last.get(f"{group}_at")
            if known_at is None or report.at > known_at:
                last |= {name: report.values.get(name) for name in names} | {f"{group}_at": report.at}
    return last


def _state_fault(report: StateReport, *, now: datetime) -> Fault | None:
    values = sent_values(report)
    if not values:
        return Fault(problem=Problem.EMPTY)
    contact = report.last_contact_at
    if contact and contact > now + MOST_AHEAD:
        return Fault(problem=Problem.IN_FUTURE, field="last_contact_at")
    return next((fault for name, value in values.items() if (fault := _value_fault(name, value))), None)


def _value_fault(name: str, value: Any) -> Fault | None:
    if name in LIMITS:
        least, most = LIMITS[name]
        return None if least <= value <= most else Fault(problem=Problem.OUT_OF_RANGE, field=name)
    return _codes_fault(name, value, CODES[name]) if name in CODES else None


def _alert_fault(report: AlertReport) -> Fault | None:
    if report.alert not in set(Alert):
        return Fault(problem=Problem.UNKNOWN_CODE, field="alert")
    alert = Alert(report.alert)
    if alert == Alert.WARNING_LIGHT and not report.details:
        return Fault(problem=Problem.EMPTY, field="details")
    return _codes_fault("details", report.details, PLACES.get(alert, ()))


def _codes_fault(field: str, codes: Iterable[str], known: tuple[str, ...] | None) -> Fault | None:
    codes = list(codes)
    if len(codes) != len(set(codes)) or len(codes) > MOST_LIGHTS:
        return Fault(problem=Problem.OUT_OF_RANGE, field=field)
    for code in codes:
        if not (LIGHT.fullmatch(code) if known is None else code in known):
            return Fault(problem=Problem.UNKNOWN_CODE, field=field)
    return None
