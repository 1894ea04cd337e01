"""C1: the cars' backend reads which packages are to be switched, and tells what the cars have done."""

import pytest
from django.utils import timezone

from subscriptions.models import Provisioning
from tests import make, oidc

ADDRESS = "/api/v1/provisionings/"


@pytest.fixture
def row(market, owner, car, card, gateway):
    oidc.clients()
    remote = make.package("remote", market=market, is_set_up_in_car=True)
    make.subscription(car, package=remote, gateway=gateway, now=timezone.now())
    return Provisioning.objects.get()


def send(client, *reports):
    return client.post(ADDRESS, json={"reports": list(reports)}, headers={"Idempotency-Key": "key-of-the-backend"})


def test_C1_the_backend_reads_what_is_to_be_switched_and_answers(row, car):
    backend = oidc.machine()
    [asked] = backend.get(ADDRESS).json()["results"]
    assert (asked["id"], asked["vin"], asked["switch"]) == (str(row.public_id), car.vehicle.vin, "on")
    assert (asked["package"], asked["services"]) == ("remote", ["remote-service"])
    assert "owner@example.com" not in str(asked)
    at = timezone.now().isoformat()
    answered = send(
        backend,
        {"order": asked["id"], "state": "done", "at": at},
        {"order": asked["id"], "state": "done", "at": at},
        {"order": str(car.public_id), "state": "done", "at": at},
        {"order": asked["id"], "state": "failed", "at": at},
    ).json()
    assert (answered["kept"], answered["known"]) == (1, 1)
    assert [(each["index"], each["code"]) for each in answered["refused"]] == [(2, "unknown_order"), (3, "missing")]
    assert backend.get(ADDRESS).json() == {"next": None, "results": []}


def test_C1_the_list_goes_on_behind_a_row_that_has_been_answered_and_has_a_fixed_number_of_queries(
    row, car, market, card, gateway, django_assert_max_num_queries
):
    backend = oidc.machine()
    for number in range(3):
        package = make.package(f"package-{number}", market=market, is_set_up_in_car=True)
        make.subscription(car, package=package, gateway=gateway, now=timezone.now())
    following = backend.get(f"{ADDRESS}?limit=1").json()["next"]
    send(backend, {"order": str(row.public_id), "state": "done", "at": timezone.now().isoformat()})
    with django_assert_max_num_queries(8):
        rows = backend.get(following[following.index("/api/") :].replace("limit=1", "limit=10")).json()["results"]
    assert [each["package"] for each in rows] == ["package-0", "package-1", "package-2"]
    assert backend.get(f"{ADDRESS}?after=nothing").status_code == 404
