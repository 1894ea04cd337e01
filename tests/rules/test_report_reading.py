"""G10: reading a report as the car's backend sends it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from garage.rules.report_reading import Unreadable, read
from garage.rules.reports import AlertReport, PrivacyReport, StateReport

VIN = "JTJSAMPLECY900001"
AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
STATE = {"id": "s1", "kind": "state", "vin": VIN, "at": "2026-06-30T12:00:00+03:00", "values": {"odometer_km": 25_000}}
ALERT = STATE | {"kind": "alert", "alert": "door_open", "details": ["rear_left"]}
PRIVACY = STATE | {"kind": "privacy_mode", "is_on": True, "source": "car"}


def test_G10_each_kind_is_read_with_its_moment():
    common = {"id": "s1", "vin": VIN, "at": AT}
    assert read(STATE) == StateReport(values={"odometer_km": 25_000}, **common)
    assert read(ALERT) == AlertReport(alert="door_open", details=("rear_left",), **common)
    assert read(PRIVACY) == PrivacyReport(is_on=True, source="car", **common)


def test_G10_volts_are_rounded_to_hundredths_and_an_empty_list_says_all_is_closed():
    report = read(STATE | {"values": {"battery_volts": 12.645, "doors_open": [], "is_boot_open": False}})
    assert report.values == {"battery_volts": Decimal("12.65"), "doors_open": [], "is_boot_open": False}


def test_G10_what_is_not_known_is_passed_over_a_position_above_all():
    values = {"odometer_km": 1, "latitude": 35.1, "longitude": 33.3}
    assert read(STATE | {"position": [35.1, 33.3], "values": values}).values == {"odometer_km": 1}


def test_G2_a_vin_is_mended_as_people_type_it():
    assert read(STATE | {"vin": " jtj-sample-cy900001 "}).vin == VIN


@pytest.mark.parametrize(
    ("said", "problem", "field"),
    [
        (STATE | {"id": None}, "missing", "id"),
        (STATE | {"id": 7}, "wrong_kind", "id"),
        (STATE | {"at": "2026-06-30T12:00:00"}, "wrong_kind", "at"),
        (STATE | {"at": "yesterday"}, "wrong_kind", "at"),
        (STATE | {"kind": "position"}, "unknown_code", "kind"),
        (STATE | {"values": [1]}, "wrong_kind", "values"),
        (STATE | {"values": {"odometer_km": True}}, "wrong_kind", "odometer_km"),
        (STATE | {"values": {"odometer_km": 1.5}}, "wrong_kind", "odometer_km"),
        (STATE | {"values": {"battery_volts": "much"}}, "wrong_kind", "battery_volts"),
        (STATE | {"values": {"battery_volts": "NaN"}}, "wrong_kind", "battery_volts"),
        (STATE | {"values": {"battery_volts": True}}, "wrong_kind", "battery_volts"),
        (STATE | {"values": {"doors_open": "all"}}, "wrong_kind", "doors_open"),
        (STATE | {"values": {"doors_open": [1]}}, "wrong_kind", "doors_open"),
        (STATE | {"values": {"is_boot_open": "no"}}, "wrong_kind", "is_boot_open"),
        (ALERT | {"alert": None}, "missing", "alert"),
        (PRIVACY | {"is_on": 1}, "wrong_kind", "is_on"),
        ("a report", "wrong_kind", ""),
    ],
)
def test_G10_what_cannot_be_read_is_named(said, problem, field):
    with pytest.raises(Unreadable) as unreadable:
        read(said)
    assert (unreadable.value.fault.problem, unreadable.value.fault.field) == (problem, field)
