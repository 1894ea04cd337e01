"""G10: the same batch from two senders at once, and batches of one car in any order, come to one result."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import Notice
from garage.models import VehicleAlert, VehicleReport, VehicleState
from garage.registry import get_registry
from tests.concurrency.at_once import at_once
from tests.garage.cars import add, make_account, make_market, prove
from tests.garage.reporting import HOUR, LATER, alert, state, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cars():
    cache.clear()
    anna = make_account("anna@example.com", make_market())
    return [prove(add(anna, number)) for number in (1, 2, 3)]


def test_G10_one_batch_sent_ten_times_at_once_is_kept_and_told_once(cars):
    forwards = [state(car) for car in cars] + [alert(car) for car in cars]
    batches = [forwards, forwards[::-1]] * 5
    said = at_once(*[lambda b=b: take(*b) for b in batches], say=lambda taken: f"{taken.kept} kept")
    assert said == {"6 kept": 1, "0 kept": 9}
    assert (VehicleReport.objects.count(), VehicleAlert.objects.count()) == (3, 3)
    assert Notice.objects.filter(kind="vehicle_alert").count() == 3


def test_G10_batches_of_one_car_at_once_leave_its_last_values(cars):
    hours = range(12)
    reports = [state(cars[0], f"s{n}", at=LATER - n * HOUR, odometer_km=26_000 - n, fuel_percent=n) for n in hours]
    at_once(*[lambda r=r: take(r) for r in reports])
    known = VehicleState.objects.get()
    assert (known.odometer_km, known.fuel_percent, known.fuel_at) == (26_000, 0, LATER)
    assert get_registry().odometer(cars[0].vehicle.vin).km == 26_000
    assert LATER - known.odometer_at == timedelta(0)
