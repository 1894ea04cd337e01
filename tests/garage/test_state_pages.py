"""G10, D4, G11: what pages show of a car's last state and of its alerts, and to whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from garage.last_state import last_states
from garage.models import Membership
from tests import make
from tests.garage.cars import add, prove
from tests.garage.reporting import HOUR, LATER, alert, move_control, state, take
from tests.garage.test_pages import words

FULL = {
    "odometer_km": 25_040,
    "fuel_percent": 60,
    "fuel_range_km": 480,
    "charge_range_km": 40,
    "tyre_front_left_kpa": 230,
    "battery_volts": Decimal("12.60"),
    "doors_open": [],
    "doors_unlocked": ["rear_left", "front_right"],
    "windows_open": [],
    "is_boot_open": True,
    "is_hood_open": False,
    "lights_on": ["hazard_lights"],
    "warning_lights": ["low_fuel", "oil_pressure"],
}


@pytest.fixture
def mine(anna):
    return prove(add(anna))


def look(client, name, membership=None, *, account=None, at=LATER):
    client.force_login(account or membership.account)
    with time_machine.travel(at, tick=False):
        return client.get(reverse(name, args=[membership.public_id] if membership else []))


def test_G10_the_page_shows_each_value_with_its_unit_and_time(client, mine):
    take(state(mine, at=LATER - HOUR, **FULL), state(mine, "later", fuel_percent=58, fuel_range_km=470))
    text = words(look(client, "vehicle_state", mine))
    for said in (
        "Odometer 25,040 km",
        "Fuel 58% Enough for about 470 km",
        "Range on charge 40 km",
        "Tyre, front left 2.3 bar",
        "12-volt battery 12.6 V",
        "Doors Closed",
        "Locks Not locked: front right, rear left",
        "Boot Open",
        "Bonnet Closed",
        "Lights Hazard lights",
        "As of 30 June 2026, 12:00",
        "As of 30 June 2026, 11:00",
    ):
        assert said in text


def test_G10_home_says_whether_to_drive_on_to_who_has_control_only(client, mine, anna, petros):
    take(state(mine, **FULL))
    assert "Do not drive on." in words(look(client, "home", account=anna))
    move_control(mine, petros, now=LATER, km=FULL["odometer_km"])
    assert "Do not drive on." not in words(look(client, "home", account=anna))


def test_G10_a_warning_light_shows_its_meaning_whether_to_drive_on_and_the_dealer(client, mine, anna, cyprus):
    take(state(mine, **FULL))
    assert "You have chosen no dealer yet" in words(look(client, "vehicle_state", mine))
    anna.preferred_dealer = make.dealer(cyprus)
    anna.save(update_fields=["preferred_dealer"])
    response = look(client, "vehicle_state", mine)
    text = words(response)
    assert text.index("Oil pressure") < text.index("Little fuel")
    assert "Do not drive on. Stop where it is safe" in text
    assert 'href="tel:+35722000111"' in response.content.decode()
    assert "Open now, until 18:00" in text
    assert reverse("booking_new", args=[mine.public_id]) in response.content.decode()


def test_G10_nothing_can_be_switched_and_the_page_says_where_it_can(client, mine):
    response = look(client, "vehicle_state", mine)
    assert "Looking only" in words(response)
    assert "<form" not in response.content.decode().split("<main")[1].split("</main>")[0]


def test_G10_the_garage_and_the_cars_page_show_the_figures_and_what_needs_a_look(client, mine):
    take(state(mine, **FULL))
    for page in (look(client, "garage", account=mine.account), look(client, "vehicle", mine)):
        text = words(page)
        assert "Odometer 25,040 km" in text
        assert "Boot: Open" in text
        assert "As of 30 June 2026, 12:00" in text


def test_G10_old_state_is_said_to_be_old(client, mine):
    take(state(mine))
    assert "has not reported" not in words(look(client, "vehicle_state", mine))
    for name, said in (
        ("vehicle_state", "has not reported for some days"),
        ("vehicle", "Old: the car has not reported"),
    ):
        assert said in words(look(client, name, mine, at=LATER + timedelta(days=4)))


def test_G10_a_car_that_has_told_nothing_says_so(client, mine):
    assert "The car has not reported anything yet" in words(look(client, "vehicle_state", mine))
    assert "There are no alerts" in words(look(client, "vehicle_alerts", mine))


def test_G10_alerts_are_listed_the_newest_first_by_pages(client, mine):
    told = [alert(mine, "window_open", "rear_left", key=f"a{n}", at=LATER - n * HOUR) for n in range(1, 22)]
    take(alert(mine, "rear_seat", key="seat"), *told)
    first = words(look(client, "vehicle_alerts", mine))
    assert first.index("Look at the rear seat") < first.index("A window is open: rear left")
    assert "Page 1 of 2" in first


def test_D4_the_new_account_sees_nothing_from_before_and_the_former_nothing_newer(client, mine, anna, petros):
    take(state(mine, "hers", at=LATER - HOUR), alert(mine, "boot_open", key="hers", at=LATER - HOUR))
    his = move_control(mine, petros, now=LATER)
    assert "25,000" not in look(client, "vehicle_state", his).content.decode()
    take(state(mine, "his", odometer_km=25_333), alert(mine, "hood_open", key="his"))
    hers = Membership.objects.current().get(account=anna)
    old, new = words(look(client, "vehicle_state", hers)), words(look(client, "vehicle_state", his))
    assert ("25,000 km" in old, "25,333" in old, "25,000" in new, "25,333 km" in new) == (True, False, False, True)
    assert "in your own time, and nothing newer" in old
    assert "The bonnet is open" not in words(look(client, "vehicle_alerts", hers))
    assert "The boot is open" not in words(look(client, "vehicle_alerts", his))
    assert "25,000" not in words(look(client, "garage", account=anna))
    assert "What the car reported in your time" in words(look(client, "vehicle", hers))


def test_D4_an_account_that_had_control_twice_sees_both_of_its_times(mine, anna, petros):
    take(state(mine, "first", at=LATER - HOUR, odometer_km=25_000, fuel_percent=60))
    his = move_control(mine, petros, now=LATER)
    take(state(mine, "his", at=LATER, doors_open=["rear_left"]))
    move_control(his, anna, now=LATER + HOUR)
    take(state(mine, "again", at=LATER + HOUR, odometer_km=25_001), now=LATER + HOUR)
    seen = last_states(anna.pk, [mine.vehicle_id])[mine.vehicle_id]
    assert (seen.values["odometer_km"], seen.values["fuel_percent"], seen.has("doors")) == (25_001, 60, False)


def test_G11_without_control_there_is_nothing_to_see(client, mine, petros):
    take(state(mine, **FULL))
    other = add(petros)
    for name in ("vehicle_state", "vehicle_alerts"):
        assert look(client, name, other)["Location"] == reverse("control", args=[other.public_id])
    assert "25,040" not in look(client, "vehicle", other).content.decode()
    assert look(client, "vehicle_state", mine, account=petros).status_code == 404


def test_the_garage_asks_once_for_all_states(client, anna, django_assert_num_queries):
    cars = [prove(add(anna, number)) for number in (1, 2, 3)]
    take(*(state(car) for car in cars))
    client.force_login(anna)
    look(client, "garage", account=anna)
    with django_assert_num_queries(1):
        last_states(anna.pk, [car.vehicle_id for car in cars])


@pytest.mark.parametrize("name", ["garage", "vehicle", "vehicle_state", "vehicle_alerts"])
def test_the_pages_ask_no_more_for_many_reports_than_for_one(client, mine, name):
    def queries():
        client.force_login(mine.account)
        url = reverse(name, args=[] if name == "garage" else [mine.public_id])
        with time_machine.travel(LATER, tick=False), CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    take(state(mine), alert(mine))
    queries()
    before = queries()
    take(*(state(mine, f"s{n}", at=LATER - n * HOUR, **FULL) for n in range(10)))
    take(*(alert(mine, key=f"b{n}", at=LATER - n * HOUR) for n in range(10)))
    assert queries() == before
