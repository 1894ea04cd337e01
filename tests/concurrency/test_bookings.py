"""However many want one time of a workshop at once, a bay takes one car (G8)."""

import pytest
from django.core.cache import cache

from garage.actions.bookings import cancel_booking
from garage.models import Bay, Booking
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market():
    cache.clear()
    return make.market()


def cars(market, count):
    return [
        make.active_car(make.account(f"owner{number}@example.com", market=market), number)
        for number in range(1, count + 1)
    ]


def test_G8_of_forty_people_who_book_one_slot_at_once_one_gets_it(market):
    shop, links = make.workshop(market), cars(market, 40)
    said = at_once(*[lambda link=link: make.booking(link, shop) for link in links])
    assert said == {"done": 1, "slot_taken": 39}
    assert Booking.objects.count() == 1


def test_G8_three_bays_take_three_of_twelve(market):
    shop, links = make.workshop(market, bays=3), cars(market, 12)
    said = at_once(*[lambda link=link: make.booking(link, shop) for link in links])
    assert said == {"done": 3, "slot_taken": 9}
    assert set(Booking.objects.values_list("bay", flat=True)) == set(Bay.objects.values_list("pk", flat=True))


def test_a_booking_cancelled_ten_times_at_once_is_cancelled_once(market):
    shop, [link] = make.workshop(market), cars(market, 1)
    booking = make.booking(link, shop)
    said = at_once(*[lambda: cancel_booking(booking=booking, now=make.NOW, by=link.account)] * 10)
    assert said == {"done": 1, "booking_over": 9}
