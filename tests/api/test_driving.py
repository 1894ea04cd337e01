"""Trips, months, last state and service over the API: each account its own time's (T1 to T3, G8, G10, D4)."""

from datetime import timedelta

import pytest

from garage.models import Trip
from tests import make
from tests.api.answers import refused
from tests.garage.driving import agree, drive, driving_package
from tests.garage.reporting import state, take

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def address(car, what: str) -> str:
    return f"/api/v1/vehicles/{car.public_id}/{what}/"


@pytest.fixture
def driven(market, owner, car):
    driving_package(market)
    agree(owner, now=make.NOW)
    for hours in (0, 1):
        drive(car, make.NOW + hours * HOUR, now=make.NOW + 2 * HOUR)
    return car


def test_T3_months_days_and_trips_tell_the_same(app, driven):
    months = app.get(address(driven, "driving")).json()
    assert (months["service"], months["months"][0]["month"]) == ("Hybrid Coaching", "2026-06")
    assert (months["months"][0]["trips"], months["months"][0]["score"]) == (2, "80.00")
    month = app.get(address(driven, "driving/2026-06")).json()
    assert [(day["on"], day["distance_m"]) for day in month["days"]] == [("2026-06-10", 12_000)]
    trips = app.get(address(driven, "trips")).json()
    assert [trip["started_at"] for trip in trips["results"]] == ["2026-06-10T10:00:00Z", "2026-06-10T09:00:00Z"]
    one = app.get(address(driven, f"trips/{trips['results'][0]['id']}")).json()
    assert one == trips["results"][0]


def test_T3_trips_are_narrowed_by_days(app, driven):
    assert app.get(address(driven, "trips") + "?first=2026-06-11").json()["results"] == []
    assert app.get(address(driven, "trips") + "?partial=true").json()["results"] == []
    for words in ("first=june", "first=0001-01-01", "last=9999-12-31"):
        assert refused(app.get(address(driven, "trips") + f"?{words}")) == (400, "invalid")
    newest = app.get(address(driven, "trips")).json()["results"][0]["id"]
    assert len(app.get(address(driven, "trips") + f"?after={newest}").json()["results"]) == 1


def test_D4_another_account_with_the_car_sees_none_of_it(others_app, stranger, driven):
    theirs = make.verified(stranger, driven.vehicle)
    for what in ("driving", "driving/2026-06", "trips", f"trips/{Trip.objects.first().reported_id}", "state"):
        assert refused(others_app.get(address(theirs, what))) == (409, "right_missing")


def test_what_is_no_month_is_not_there(app, driven):
    for month in ("2026-13", "2019-01", "june"):
        assert refused(app.get(address(driven, f"driving/{month}"))) == (404, "not_found")


def test_G10_the_last_state_has_its_times_and_its_figures(app, car):
    assert app.get(address(car, "state")).json() == {"state": None, "values": {}, "alerts": []}
    take(state(car, at=make.NOW, odometer_km=24_600), now=make.NOW)
    shown = app.get(address(car, "state")).json()
    assert shown["values"]["odometer_km"] == 24_600
    assert [figure["value"] for figure in shown["state"]["figures"]] == ["24,600"]


def test_G8_service_is_told_to_whoever_has_proved_access(app, others_app, stranger, market, car):
    make.maintenance_plan(market)
    make.service_entry(car)
    make.booking(car, make.workshop(market))
    shown = app.get(address(car, "service")).json()
    assert (shown["has_plan"], shown["history"][0]["km"], len(shown["dues"])) == (True, "20,000 km", 2)
    assert (shown["bookings"][0]["works"], shown["bookings"][0]["is_mine"]) == (["Yearly service"], True)
    theirs = make.verified(stranger, car.vehicle)
    seen = others_app.get(address(theirs, "service")).json()
    assert (seen["history"][0]["km"], seen["bookings"][0]["is_mine"]) == ("about 20,000 km", False)
    unproved = make.linked(stranger, make.active_car(car.account, 5).vehicle)
    assert refused(others_app.get(address(unproved, "service"))) == (409, "right_missing")
