"""Trips that come late, twice, out of order, half of them bad, and for a car that nobody knows (fault 54)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from garage.models import DrivingDay, Trip
from subscriptions.ledger.check import check_ledger
from tests import make, oidc
from tests.garage.driving import agree, driving_package, said

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(days=25)


def test_F54_trips_however_they_come_are_kept_once_with_right_sums_and_bad_ones_answered_one_by_one(market):
    driving_package(market)
    owner = make.account("driver@example.com", market=market, now=START)
    agree(owner, now=START)
    car = make.active_car(owner, now=START)
    oidc.clients()
    backend = oidc.machine()
    good = [said(car, START + timedelta(hours=hour)) for hour in range(1, 41)]
    bad = [trip | {"id": str(uuid4()), "braking": 101} for trip in good]
    unknown = said(car, START + timedelta(hours=50)) | {"vin": "JTJSAMPLECY999999"}
    # Latest first, each twice, a bad one after each; then the same again, under another key.
    batch = [trip for pair in zip(reversed(good), reversed(good), bad, strict=True) for trip in pair] + [unknown]
    for kept in (40, 0):
        answer = backend.post("/api/v1/trips/", json={"trips": batch}, headers={"Idempotency-Key": str(uuid4())}).json()
        assert (answer["kept"], len(answer["refused"])) == (kept, 40)
        assert {each["index"] for each in answer["refused"]} == set(range(2, 120, 3))
        assert [each["index"] for each in answer["left_out"]] == [120]
    assert Trip.objects.count() == 40
    assert sum(DrivingDay.objects.values_list("distance_m", flat=True)) == 40 * 6000
    call_command("check_trips")
    assert list(check_ledger(now=timezone.now())) == []
