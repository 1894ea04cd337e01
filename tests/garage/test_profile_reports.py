"""C6, L1: the cars' backend confirms profiles on the screens of cars, and says that they are gone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from garage.actions.profile import link_profile
from garage.models import MultimediaProfile
from garage.models.profile import Source
from garage.sales import connections_of
from portal.models import AuditRecord
from tests import make, oidc
from tests.garage.cars import vin
from tests.selling import left

HOUR = timedelta(hours=1)


@pytest.fixture
def backend(market):
    oidc.clients()
    return oidc.machine()


@pytest.fixture
def car(owner):
    return make.active_car(owner, now=timezone.now() - 9 * HOUR)


def says(link, is_linked, *, ago=HOUR, **other):
    said = {"vin": link.vehicle.vin, "account": str(link.account.public_id), "is_linked": is_linked}
    return said | {"at": (timezone.now() - ago).isoformat()} | other


def send(client, *reports):
    headers = {"Idempotency-Key": f"key-{uuid4()}"}
    answer = client.post("/api/v1/profile-reports/", json={"reports": list(reports)}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_C6_the_car_confirms_what_was_declared_and_tells_what_was_not(backend, car, stranger):
    declared = link_profile(membership=car, source=Source.DECLARED, now=timezone.now() - 2 * HOUR, by=car.account)
    beside = make.verified(stranger, car.vehicle, now=timezone.now())
    assert send(backend, says(car, True), says(beside, True))["kept"] == 2
    declared.refresh_from_db()
    assert (declared.source, declared.is_confirmed) == (Source.DECLARED, True)
    assert MultimediaProfile.objects.get(account=stranger).source == Source.VEHICLE
    assert AuditRecord.objects.filter(what="profile linked", by=None).count() == 2


def test_L1_the_car_says_that_the_sellers_profile_is_gone_after_it_has_left(backend, car):
    send(backend, says(car, True))
    sale = left(car, now=timezone.now())
    assert not connections_of(sale).is_head_unit_clear
    assert send(backend, says(car, False, ago=0 * HOUR))["kept"] == 1
    assert connections_of(sale).is_head_unit_clear


def test_C6_whatever_comes_twice_or_late_changes_nothing(backend, car):
    gone, linked = says(car, False), says(car, True, ago=2 * HOUR)
    assert send(backend, linked, linked, gone, gone, linked) == {"kept": 2, "known": 3, "left_out": [], "refused": []}
    profile = MultimediaProfile.objects.get()
    assert profile.was_removed_in_the_car
    assert profile.ended_at - profile.linked_at > timedelta(minutes=59)


def test_G11_who_has_proved_no_access_has_no_profile_and_the_unknown_is_named(backend, car, stranger):
    link = make.linked(stranger, car.vehicle)
    answer = send(
        backend,
        says(link, True),
        says(car, True, vin=vin(7)),
        says(car, True, account=str(uuid4())),
        says(car, "yes"),
    )
    assert [(one["index"], one["code"]) for one in answer["left_out"]] == [(0, "not_linked")]
    assert [(one["index"], one["field"], one["code"]) for one in answer["refused"]] == [
        (1, "vin", "unknown_vin"),
        (2, "account", "unknown_account"),
        (3, "is_linked", "wrong_kind"),
    ]
    assert not MultimediaProfile.objects.exists()
