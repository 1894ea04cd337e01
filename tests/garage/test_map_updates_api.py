"""C6: the cars' backend reads which map updates are to be sent, and tells what became of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from garage.models import VehicleMap
from garage.rules.said import MOST_AT_ONCE
from tests import make, oidc
from tests.garage import maps

ADDRESS = "/api/v1/map-updates/"
HOUR = timedelta(hours=1)


@pytest.fixture
def backend(market):
    oidc.clients()
    return oidc.machine()


@pytest.fixture
def car(owner):
    return make.active_car(owner, now=timezone.now() - 2 * HOUR)


@pytest.fixture
def update(car):
    return maps.map_update(car, now=timezone.now() - HOUR)


def send(client, *reports, key="key-of-the-backend"):
    return client.post(ADDRESS, json={"reports": list(reports)}, headers={"Idempotency-Key": key})


def says(update, state):
    return {"kind": "update", "update": str(update.public_id), "state": state, "at": timezone.now().isoformat()}


def version(car, text):
    return {"kind": "version", "vin": car.vehicle.vin, "version": text, "at": timezone.now().isoformat()}


def test_C6_the_backend_reads_what_is_to_be_sent_and_tells_that_it_is(backend, car, update):
    [row] = backend.get(ADDRESS).json()["results"]
    assert (row["id"], row["vin"], row["version"]) == (str(update.public_id), car.vehicle.vin, update.release.version)
    assert "owner@example.com" not in str(row)
    assert send(backend, says(update, "sent")).json()["kept"] == 1
    assert backend.get(ADDRESS).json() == {"next": None, "results": []}


def test_C6_the_list_goes_on_where_it_ended_though_the_last_row_has_moved(backend, owner, update):
    second = maps.map_update(make.active_car(owner, 2, now=timezone.now()), now=timezone.now())
    following = backend.get(f"{ADDRESS}?limit=1").json()["next"]
    send(backend, says(update, "sent"))
    [row] = backend.get(following[following.index("/api/") :]).json()["results"]
    assert row["id"] == str(second.public_id)
    assert backend.get(f"{ADDRESS}?after=nothing").status_code == 404


def test_C6_good_reports_are_kept_and_bad_ones_answered_with_their_place(backend, car, update):
    make.registry_entry(8)
    elsewhere = version(car, "2025.2") | {"vin": "JTJSAMPLECY900008"}
    unknown = says(update, "sent") | {"update": str(car.public_id)}
    answer = send(
        backend,
        version(car, "2025.2"),
        {"kind": "x"},
        says(update, "installed"),
        says(update, "failed"),
        unknown,
        elsewhere,
    ).json()
    # The version is one from before the installation, which the same batch tells.
    assert (answer["kept"], answer["known"]) == (1, 1)
    assert [(row["index"], row["code"]) for row in answer["left_out"]] == [(3, "over"), (5, "not_here")]
    assert [(row["index"], row["field"], row["code"]) for row in answer["refused"]] == [
        (1, "at", "missing"),
        (4, "update", "unknown_update"),
    ]
    assert answer["refused"][0]["detail"] == "at is missing."


def test_C6_the_same_call_again_changes_nothing_under_its_key_or_another(backend, car, update):
    reports = [version(car, "2025.2"), says(update, "sent")]
    first, again = send(backend, *reports), send(backend, *reports)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    assert send(backend, *reports, key="another-key").json()["known"] == 2
    assert VehicleMap.objects.get().version == "2025.2"


@pytest.mark.parametrize("body", [{}, {"reports": []}, {"reports": "all"}, [], {"reports": [{}] * (MOST_AT_ONCE + 1)}])
def test_C6_what_is_no_batch_is_refused_as_a_whole(backend, body):
    answer = backend.post(ADDRESS, json=body, headers={"Idempotency-Key": "key-of-the-backend"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_C6_five_hundred_reports_fit_into_one_call(backend, car):
    assert send(backend, *[version(car, "2026.1") | {"padding": "x" * 150}] * MOST_AT_ONCE).json()["kept"] == 1


def test_another_machine_an_owner_and_a_browser_may_not(update, owner, backend):
    assert send(oidc.machine(oidc.REGISTRY), says(update, "sent")).status_code == 403
    assert send(oidc.sign_in_app(owner), says(update, "sent")).status_code == 401
    assert Client().get(ADDRESS).status_code == 401
