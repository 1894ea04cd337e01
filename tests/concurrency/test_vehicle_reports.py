"""G10: the same batch from two senders at once, and batches of one car in any order, come to one result."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.models import Closing, Notice
from garage.actions import report
from garage.models import RegistryEntry, VehicleAlert, VehicleReport, VehicleState
from garage.registry import get_registry, loading
from garage.registry.rows import COLUMNS
from portal.batches import insert_all, put_all
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.leave import remove_vehicle
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


def test_V1_a_reading_that_comes_while_the_registry_is_filled_is_not_taken_back(cars, monkeypatch):
    """The batch knows an older one, and writes the row for its new colour."""
    entry = RegistryEntry.objects.get(vin=cars[0].vehicle.vin)
    row = {name: getattr(entry, field) for name, (field, _parse) in COLUMNS.items()}
    row |= {name: str(row[name]) for name in ("warranty_start", "odometer_at")} | {"colour": "Sonic Grey"}
    reporting = Thread(target=_report, args=(state(cars[0], odometer_km=26_000),))

    def put_late(rows, **how):
        reporting.start()
        reporting.join(timeout=0.5)
        put_all(rows, **how)

    monkeypatch.setattr(loading, "put_all", put_late)
    assert loading.load_rows([row], now=LATER, report=print).changed == 1
    reporting.join()
    entry.refresh_from_db()
    assert (entry.colour, entry.odometer_km, entry.odometer_at) == ("Sonic Grey", 26_000, LATER)


def test_A6_a_late_report_that_comes_in_beside_the_closing_does_not_outlive_it(cars, monkeypatch):
    """Of a car that the account has left already."""
    car = cars[0]
    remove_vehicle(membership=car, confirmed=None, now=LATER + HOUR, by=car.account)
    closing = Thread(target=_close, args=(car.account,))

    def insert_late(rows):
        if not closing.ident:
            closing.start()
            closing.join(timeout=1)
        insert_all(rows)

    monkeypatch.setattr(report, "insert_all", insert_late)
    assert take(state(car), now=LATER + 2 * HOUR).kept == 1
    closing.join()
    assert Closing.objects.filter(account=car.account).exists()
    assert not VehicleReport.objects.exists()
    assert not VehicleState.objects.exists()


def _close(account):
    now = LATER + 2 * HOUR
    close(account=account, confirmed=closing_quote(account, now=now), now=now, by=account)
    connection.close()


def _report(one):
    take(one)
    connection.close()
