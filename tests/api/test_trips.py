"""T1: the vehicle backend reports trips over the API, a thousand at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from garage.models import Trip
from tests import make, oidc
from tests.garage.driving import agree, driving_package, said

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(days=25)


@pytest.fixture
def driven(market):
    driving_package(market)
    owner = make.account("driver@example.com", market=market, now=START)
    agree(owner, now=START)
    return make.active_car(owner, now=START)


@pytest.fixture
def backend(market):
    oidc.clients()
    return oidc.machine()


def report(backend, body, key: str = ""):
    return backend.post("/api/v1/trips/", json=body, headers={"Idempotency-Key": key or str(uuid4())})


def trips(car, count: int, **facts):
    return [said(car, START + timedelta(hours=number + 1), **facts) for number in range(count)]


def test_T1_a_thousand_trips_in_one_call(backend, driven):
    answer = report(backend, {"trips": trips(driven, 480) + trips(driven, 480)})
    assert answer.status_code == 200
    assert answer.json() == {"kept": 960, "known": 0, "left_out": [], "refused": []}
    assert Trip.objects.count() == 960
    call_command("check_trips")


def test_T1_the_good_are_kept_and_the_others_answered_one_by_one(backend, driven):
    good, wrong, private = trips(driven, 3)
    wrong |= {"braking": 101, "vin": "short"}
    private |= {"privacy_mode": "at_end"}
    body = report(backend, {"trips": [wrong, good, private, good, 7]}).json()
    assert (body["kept"], body["known"]) == (1, 1)
    assert body["left_out"] == [
        {
            "index": 2,
            "id": private["id"],
            "code": "privacy_mode",
            "detail": "Privacy Mode was on when the trip ended: not kept.",
        }
    ]
    assert [(fault["index"], fault["field"], fault["code"]) for fault in body["refused"]] == [
        (0, "vin", "not_a_vin"),
        (0, "braking", "out_of_range"),
        (4, "", "not_an_object"),
    ]
    assert all(fault["detail"] for fault in body["refused"])


def test_the_same_call_again_is_answered_as_before(backend, driven):
    body = {"trips": trips(driven, 2)}
    first = report(backend, body, key="one-and-the-same")
    again = report(backend, body, key="one-and-the-same")
    assert again.json() == first.json() == {"kept": 2, "known": 0, "left_out": [], "refused": []}
    assert report(backend, body).json()["known"] == 2


@pytest.mark.parametrize("body", [{}, [], {"trips": []}, {"trips": {}}, {"trips": [{}] * 1001}])
def test_what_is_no_batch_is_refused_as_a_whole(backend, body):
    answer = report(backend, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "trips")


def test_a_body_that_is_too_large_is_refused(backend):
    answer = report(backend, {"trips": [{"id": "x" * 600_000}]})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_without_a_key_or_the_scope_nothing_is_taken(backend, driven):
    assert backend.post("/api/v1/trips/", json={"trips": trips(driven, 1)}).json()["code"] == "idempotency_key_missing"
    other = report(oidc.machine(oidc.REGISTRY), {"trips": trips(driven, 1)})
    assert other.json()["code"] == "scope_missing"
    assert not Trip.objects.exists()


def test_a_thousand_trips_with_all_that_they_say_fit_into_a_call(backend, driven):
    body = {"trips": trips(driven, 478, score=99.99, constant_speed=100.0, privacy_mode="at_end") * 2}
    answer = report(backend, body)
    assert (answer.status_code, len(answer.json()["left_out"])) == (200, 956)


def test_the_description_names_what_is_read(client):
    schema = client.get("/api/v1/schema/").json()["components"]["schemas"]
    from garage.rules.trips import READERS

    assert set(schema["TripRequest"]["properties"]) == set(READERS)
