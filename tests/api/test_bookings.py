"""Booking a service by the app, as on the pages (G8)."""

from datetime import timedelta

import pytest
import time_machine

from garage.models import Booking
from garage.rules.bookings import State
from portal.models import AuditRecord
from tests import make, oidc
from tests.api.answers import keyed, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
WANTED = {"works": ["service"], "starts_at": "2026-06-11T08:00:00+03:00", "words": "It rattles."}


@pytest.fixture
def shop(market):
    return make.workshop(market)


def of(car, noun):
    return f"/api/v1/vehicles/{car.public_id}/{noun}/"


def book(app, car, shop, **facts):
    return keyed(app, of(car, "bookings"), WANTED | {"dealer": str(shop.public_id)} | facts)


def test_G8_dealer_works_and_a_free_time_are_booked(app, car, shop):
    [offered] = app.get(of(car, "workshops")).json()["results"]
    assert [work["code"] for work in offered["works"]] == ["service", "tyres"]
    asked = {"dealer": offered["id"], "works": "service,tyres", "first": "2026-06-12"}
    days = app.get(of(car, "free-times"), params=asked).json()["results"]
    assert (days[0]["on"], days[0]["starts"][0]) == ("2026-06-12", "2026-06-12T05:00:00Z")
    answers = [book(app, car, shop), book(app, car, shop)]
    assert answers[0].status_code == 201
    assert refused(answers[1]) == (409, "slot_taken")
    made = answers[0].json()
    assert (made["starts_at"], made["ends_at"]) == ("2026-06-11T05:00:00Z", "2026-06-11T06:30:00Z")
    [coming] = app.get(of(car, "service")).json()["bookings"]
    assert (coming["id"], made["may_change"]) == (made["id"], True)


def test_G8_what_is_not_offered_is_not_booked(app, car, shop):
    assert refused(book(app, car, shop, works=["magic"])) == (409, "works_unknown")
    assert refused(book(app, car, shop, dealer=str(car.public_id))) == (404, "not_found")
    assert refused(book(app, car, shop, words="4111 1111 1111 1111")) == (400, "invalid")
    asked = {"dealer": str(shop.public_id), "works": "magic"}
    assert refused(app.get(of(car, "free-times"), params=asked)) == (409, "works_unknown")
    assert refused(app.get(of(car, "free-times"), params=asked | {"dealer": "here"})) == (400, "invalid")
    asked = {"dealer": str(shop.public_id), "works": "service", "first": "tomorrow"}
    assert refused(app.get(of(car, "free-times"), params=asked)) == (400, "invalid")
    assert not Booking.objects.exists()


def test_G8_it_is_changed_and_cancelled_until_the_day_before(app, car, shop):
    url = f"/api/v1/bookings/{book(app, car, shop).json()['id']}/"
    tag = app.get(url).headers["ETag"]
    later = {"starts_at": "2026-06-11T10:00:00+03:00"}
    changed = app.patch(url, json=later, headers={"If-Match": tag}).json()
    assert (changed["starts_at"], changed["words"]) == ("2026-06-11T07:00:00Z", "It rattles.")
    assert refused(app.patch(url, json={"words": ""}, headers={"If-Match": tag})) == (412, "changed_meanwhile")
    with time_machine.travel(make.TOMORROW_AT_8 - timedelta(hours=3), tick=False):
        same_day = oidc.sign_in_app(car.account)
        assert not same_day.get(url).json()["may_change"]
        assert refused(same_day.delete(url)) == (409, "too_late")
    assert app.delete(url).json()["state"] == State.CANCELLED
    assert refused(app.delete(url)) == (409, "booking_over")
    assert AuditRecord.objects.filter(what="booking cancelled", by=car.account).count() == 1


def test_G11_whoever_has_not_proved_access_books_nothing(app, others_app, car, shop, stranger):
    link = make.linked(stranger, car.vehicle)
    assert refused(book(others_app, link, shop)) == (409, "right_missing")
    mine = book(app, car, shop).json()["id"]
    assert refused(others_app.get(f"/api/v1/bookings/{mine}/")) == (404, "not_found")
