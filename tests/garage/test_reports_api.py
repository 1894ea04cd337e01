"""G10: the vehicle backend's call, `POST /api/v1/vehicle-reports/`."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from garage.models import VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.rules.said import MOST_AT_ONCE
from tests import make, oidc

ADDRESS = "/api/v1/vehicle-reports/"
HOUR = timedelta(hours=1)


@pytest.fixture
def backend(market):
    oidc.clients()
    return oidc.machine()


@pytest.fixture
def car(owner):
    """The API goes by the clock: control of the car began two hours ago."""
    return make.active_car(owner, now=timezone.now() - 2 * HOUR)


@pytest.fixture
def report(car):
    at = (timezone.now() - HOUR).isoformat()
    values = {"odometer_km": make.ODOMETER_KM + 20, "battery_volts": 12.64, "doors_open": [], "is_hood_open": False}
    return {"id": "s1", "kind": "state", "vin": car.vehicle.vin, "at": at, "values": values}


def send(client, *reports, key="key-of-the-backend"):
    return client.post(ADDRESS, json={"reports": list(reports)}, headers={"Idempotency-Key": key})


def test_G10_good_reports_are_kept_and_bad_ones_answered_with_their_place(backend, report):
    alert = report | {"id": "a1", "kind": "alert", "alert": "hood_open"}
    switch = report | {"id": "p1", "kind": "privacy_mode", "is_on": True, "source": "app"}
    before = report | {"id": "s0", "at": (timezone.now() - 3 * HOUR).isoformat()}
    unknown = report | {"vin": "JTJSAMPLECY900099"}
    answer = send(backend, report, report, {"id": "x"}, alert, unknown, switch, before).json()
    assert (answer["kept"], answer["known"], answer["left_out"][0]["index"]) == (3, 1, 6)
    places = [(bad["index"], bad["field"], bad["code"]) for bad in answer["refused"]]
    assert places == [(2, "vin", "missing"), (4, "vin", "unknown_vin")]
    assert answer["refused"][1]["detail"] == "No car with this VIN is known."
    assert [model.objects.count() for model in (VehicleReport, VehicleAlert, VehiclePrivacy)] == [1, 1, 1]


def test_G10_the_same_call_again_under_its_key_and_under_another_keeps_nothing_twice(backend, report):
    first, again = send(backend, report), send(backend, report)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    assert send(backend, report, key="another-key").json()["known"] == 1
    assert VehicleReport.objects.count() == 1


def test_G10_of_a_position_nothing_is_kept(backend, report):
    with_position = report | {"values": report["values"] | {"latitude": 35.123456}, "position": {"lat": 35.123456}}
    assert send(backend, with_position).json()["kept"] == 1
    kept = [row for model in (VehicleReport, VehicleState) for row in model.objects.values()]
    assert "35.12" not in str(kept)


@pytest.mark.parametrize("body", [{}, {"reports": []}, {"reports": "all"}, [], {"reports": [{}] * (MOST_AT_ONCE + 1)}])
def test_G10_what_is_no_batch_is_refused_as_a_whole(backend, body):
    answer = backend.post(ADDRESS, json=body, headers={"Idempotency-Key": "key-of-the-backend"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_G10_five_hundred_full_reports_fit_into_one_call(backend, report):
    codes = ["front_left", "front_right", "rear_left", "rear_right"]
    full = dict.fromkeys(("doors_open", "doors_unlocked", "windows_open"), codes) | report["values"]
    many = [report | {"id": f"s{n}", "values": full} for n in range(MOST_AT_ONCE)]
    assert send(backend, *many).json()["kept"] == MOST_AT_ONCE


def test_another_machine_an_owner_and_a_browser_may_not_report(report, owner, backend):
    assert send(oidc.machine(oidc.REGISTRY), report).status_code == 403
    assert send(oidc.sign_in_app(owner), report).status_code == 401
    assert Client().post(ADDRESS).status_code == 401


def test_G10_the_description_of_the_api_names_every_value(client, market):
    said = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content.decode()
    assert all(name in said for name in ("tyre_rear_left_kpa", "warning_lights", "/api/v1/vehicle-reports/"))
