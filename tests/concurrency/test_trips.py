"""Batches of the same cars at the same moment: each trip is kept once, and no sum is lost (T1)."""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from garage.actions.locks import lock_car
from garage.actions.unlink import end_control
from garage.driving.check import wrong_days
from garage.models import Trip
from tests import make
from tests.concurrency.at_once import at_once
from tests.garage.driving import DAY, agree, bring, driving_package, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fleet(owner, market, now):
    driving_package(market)
    agree(owner, now=now)
    return [make.active_car(owner, number) for number in range(1, 6)]


def test_T1_overlapping_batches_in_different_orders(fleet, now):
    trips = [said(car, now + timedelta(hours=hour)) for car in fleet for hour in range(1, 41)]
    chance, later = random.Random(1), now + 5 * DAY
    batches = [chance.sample(trips, 120) for _ in range(11)] + [trips[::-1]]
    new = at_once(*(lambda batch=batch: bring(*batch, now=later) for batch in batches), say=lambda taken: "taken")
    assert new == {"taken": 12}
    assert Trip.objects.count() == len(trips) == 200
    assert list(wrong_days()) == []


def test_D4_control_that_ends_while_trips_come_in_has_none_from_after_its_end(fleet, owner, now):
    def leave(car):
        with transaction.atomic():
            lock_car(vehicle_id=car.vehicle_id, account_ids=[owner.pk])
            end_control(car, now=now + DAY)

    hours = [now + timedelta(hours=hour) for hour in range(12, 36, 3)]
    batches = [[said(car, hour) for car in fleet] for hour in hours]
    acts = [lambda car=car: leave(car) for car in fleet]
    at_once(*acts, *(lambda batch=batch: bring(*batch, now=now + 5 * DAY) for batch in batches))
    assert list(wrong_days()) == []
    for batch in batches:
        bring(*batch, now=now + 5 * DAY)
    assert Trip.objects.filter(started_at__lt=now + DAY).count() == 4 * len(fleet)
