"""G10, D4, A6, D3: how long what cars reported is kept, whose it is, and how it is downloaded."""

from datetime import timedelta

import pytest

from garage import privacy_mode
from garage.actions.forget_reports import forget_reports, forget_reports_of
from garage.data import vehicle_data
from garage.last_state import last_states
from garage.models import VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.own_time import own_time
from garage.registry import get_registry
from garage.registry.loading import load_file
from tests.garage.cars import add, prove
from tests.garage.reporting import HOUR, LATER, alert, move_control, privacy, state, take

KEPT = timedelta(days=3 * 366)


@pytest.fixture
def mine(anna):
    return prove(add(anna))


def test_G10_after_36_months_reports_go_and_privacy_mode_stays_as_it_is(mine):
    take(state(mine), alert(mine), privacy(mine, False, key="off", at=LATER - HOUR), privacy(mine))
    assert forget_reports(now=LATER + timedelta(days=1000)) == 0
    assert forget_reports(now=LATER + KEPT) == 3
    assert not any(model.objects.exists() for model in (VehicleReport, VehicleAlert, VehicleState))
    assert privacy_mode.told_to(mine) == (True, "car", LATER)
    assert forget_reports(now=LATER + KEPT) == 0


def test_G10_of_the_last_state_only_the_values_that_nothing_renewed_go(anna, mine):
    take(state(mine, odometer_km=25_000))
    take(state(mine, "s2", at=LATER + KEPT, fuel_percent=50), now=LATER + KEPT)
    forget_reports(now=LATER + KEPT)
    seen = last_states(anna.pk, [mine.vehicle_id])[mine.vehicle_id]
    assert (seen.has("odometer"), seen.values["fuel_percent"]) == (False, 50)


def test_A6_a_closed_account_leaves_nothing_of_its_time_and_takes_nothing_of_others(anna, mine, petros):
    take(state(mine, at=LATER - HOUR), alert(mine, at=LATER - HOUR))
    move_control(mine, petros, now=LATER)
    take(state(mine, "his"), alert(mine, key="his"))
    forget_reports_of(anna, LATER)
    assert [row.report_id for row in VehicleReport.objects.all()] == ["his"]
    assert [row.report_id for row in VehicleAlert.objects.all()] == ["his"]
    assert VehicleState.objects.get().period.account == petros


def test_D3_each_account_downloads_its_own_reports_oldest_first(anna, mine, petros):
    take(state(mine, "b", at=LATER - HOUR, odometer_km=25_000, doors_open=[]))
    take(state(mine, "a", at=LATER - 2 * HOUR, warning_lights=["abs", "engine"]))
    move_control(mine, petros, now=LATER)
    kind = vehicle_data.find("state_reports")
    rows = list(kind.rows(own_time(anna, mine.vehicle)))
    assert [row["at"] for row in rows] == [LATER - 2 * HOUR, LATER - HOUR]
    assert (rows[0]["warning_lights"], rows[0]["doors_open"], rows[1]["doors_open"]) == ("abs engine", None, "-")
    assert list(kind.rows(own_time(petros, mine.vehicle))) == []


@pytest.mark.parametrize("name", ["state_reports", "alerts", "privacy_mode"])
def test_D3_each_row_has_exactly_the_columns_of_its_kind(anna, mine, name):
    take(state(mine), alert(mine, "warning_light", "abs"), privacy(mine))
    kind = vehicle_data.find(name)
    assert [tuple(row) for row in kind.rows(own_time(anna, mine.vehicle))] == [kind.columns]


def test_V1_a_vehicle_file_does_not_put_the_odometer_back(mine, tmp_path, capsys):
    take(state(mine, odometer_km=25_000))
    vehicle = mine.vehicle
    file = tmp_path / "vehicles.csv"
    facts = "vin,plate,model,body,colour,colour_hex,powertrain,multimedia,market,warranty_start,purchased_on"
    file.write_text(
        f"{facts},first_registered_on,odometer_km,odometer_at,capabilities\n"
        f"{vehicle.vin},KAA999,NX 350h,suv,Red,#8a1c2b,hybrid,MM21,CY,2024-03-15,,,24600,2026-06-11T09:00:00Z,remote\n"
    )
    outcome = load_file(file, now=LATER, report=print)
    assert (outcome.changed, outcome.bad) == (1, 0)
    assert get_registry().odometer(vehicle.vin).km == 25_000
    assert load_file(file, now=LATER, report=print).unchanged == 1


def test_G10_old_reports_are_deleted_in_batches(mine, monkeypatch):
    monkeypatch.setattr("garage.actions.forget_reports.AT_A_TIME", 2)
    take(*(state(mine, f"s{n}") for n in range(5)))
    assert forget_reports(now=LATER + KEPT) == 5
    assert not VehiclePrivacy.objects.exists()
