"""C6: the multimedia page of a car: profile, map version, updates, and the packages for its screen."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from garage.actions.profile import link_profile
from garage.models import MapUpdate
from garage.models.profile import Source
from garage.rules.maps import State
from subscriptions.centre.map_packages import has_new_maps
from subscriptions.models import Service
from tests import make
from tests.garage import maps
from tests.garage.maps import NEW, OLD, map_update, says, take, version
from tests.garage.reporting import move_control

NOW = make.NOW
LATER = NOW + timedelta(hours=2)
ASK, CALL_OFF = "Ask for the update over the air", "Call the update off"


def page(client, link, *, at=NOW, by=None):
    client.force_login(by or link.account)
    with time_machine.travel(at, tick=False):
        return client.get(reverse("multimedia", args=[link.public_id]))


def post(client, link, name="map_update", *args, by=None, **data):
    client.force_login(by or link.account)
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse(name, args=[link.public_id, *args]), data, follow=True)


@pytest.fixture
def due(car):
    """The car has told an old version, and a package that runs brings maps."""
    maps.releases(car.account.market)
    maps.map_package(car.account.market)
    take(version(car))
    return car


def test_C6_the_page_shows_the_version_what_is_due_and_the_next_edition(client, due):
    text = page(client, due).text
    for words in (OLD, "Edition of autumn 2025", "Update due", NEW, "9.4 GB", "The next edition: autumn 2026", ASK):
        assert words in text
    assert "ab" * 32 in text
    assert "https://maps.example.com/2026.1.zip" in text
    assert "Put it into the car." in text


def test_C6_an_update_is_asked_for_followed_and_installed(client, due):
    text = post(client, due, version=NEW).text
    assert "The update is asked for." in text
    assert ASK not in text
    assert CALL_OFF in text
    update = MapUpdate.objects.get()
    take(says(update, State.SENT))
    text = page(client, due).text
    assert "Sent to the car" in text
    assert CALL_OFF not in text
    take(says(update, State.INSTALLED, at=LATER), now=LATER)
    text = page(client, due, at=LATER).text
    assert "Up to date" in text
    assert "This is the newest version" in text
    assert "2026.1, 10 June 2026: Installed" in text


def test_C6_an_update_is_called_off_on_the_page_and_not_twice(client, due):
    update = map_update(due)
    assert "The update is called off." in post(client, due, "map_update_end", update.public_id).text
    assert "cannot be called off any more" in post(client, due, "map_update_end", update.public_id).text


@pytest.mark.parametrize("shown", ["", OLD, "2027.1"])
def test_C6_what_was_not_shown_is_not_asked_for(client, due, shown):
    assert "Another version has come out" in post(client, due, version=shown).text
    assert MapUpdate.objects.count() == 0


def test_C6_a_second_request_is_refused_with_its_reason(client, due):
    post(client, due, version=NEW)
    assert "asked for already" in post(client, due, version=NEW).text


def test_C6_without_a_package_the_page_names_those_that_bring_maps(client, car):
    market = car.account.market
    maps.releases(market)
    take(version(car))
    maps.map_package(market, is_standard=False)
    text = page(client, car).text
    assert "No package that runs in this car includes new maps." in text
    assert '<a href="#maps">Maps</a>' in text
    assert ASK not in text
    assert "maps.example.com" not in text
    assert "None of the packages" in post(client, car, version=NEW).text


def test_C6_free_years_count_once_they_are_activated(client, owner):
    market = owner.market
    maps.releases(market)
    maps.map_package(market, is_standard=False, complimentary_months={"MM21": 120})
    car = make.active_car(owner)
    assert "included with the car: activate it" in page(client, car).text
    post(client, car, "activation", "maps")
    assert has_new_maps(car, NOW)
    assert ASK in page(client, car).text


def test_C6_a_service_that_this_car_cannot_have_brings_no_maps(due):
    Service.objects.filter(updates_maps=True).update(capabilities=["embedded_maps"])
    assert not has_new_maps(due, NOW)


def test_C6_a_head_unit_without_a_connection_is_told_to_download(client, car):
    maps.releases(car.account.market, is_over_the_air=False)
    maps.map_package(car.account.market)
    text = page(client, car).text
    assert "from a USB stick only" in text
    assert "The car has not reported its version yet." in text
    assert "maps.example.com" in text


def test_C6_a_car_without_releases_says_so(client, car):
    text = page(client, car).text
    assert "No maps have been released for this head unit" in text
    assert "Another version has come out" in post(client, car, version=NEW).text


def test_C6_a_version_that_the_list_does_not_have_is_shown_as_told(client, due):
    take(version(due, "2026.1.3", at=LATER), now=LATER)
    text = page(client, due, at=LATER).text
    assert "2026.1.3" in text
    assert "Up to date" in text


def test_G11_others_see_version_and_own_profile_and_no_request(client, due, stranger):
    map_update(due)
    link = make.linked(stranger, due.vehicle)
    assert page(client, link).status_code == 302
    other = make.account("verified@example.com", market=due.account.market)
    verified = make.verified(other, due.vehicle)
    link_profile(membership=verified, source=Source.DECLARED, now=NOW, by=other)
    text = page(client, verified).text
    assert OLD in text
    assert "Linked" in text
    for words in (ASK, CALL_OFF, "Requested", "maps.example.com", "Choose a plan"):
        assert words not in text
    assert "does not control this car" in post(client, verified, version=NEW).text


def test_D4_a_new_owner_sees_the_version_and_nothing_of_the_request_before(client, due, stranger):
    map_update(due)
    new = move_control(due, stranger, now=LATER, km=make.ODOMETER_KM)
    text = page(client, new, at=LATER).text
    assert OLD in text
    assert ASK in text
    assert "Updates that you asked for" not in text


def test_a_stranger_finds_no_page_and_no_update(client, due, stranger):
    update = map_update(due)
    assert page(client, due, by=stranger).status_code == 404
    assert post(client, due, by=stranger, version=NEW).status_code == 404
    own = make.active_car(stranger, 3)
    assert post(client, own, "map_update_end", update.public_id).status_code == 404


def test_C6_wifi_is_bought_here_like_any_package(client, car):
    make.package("wifi", market=car.account.market, prices={"monthly": "5.00"})
    make.package("remote", market=car.account.market, suite="app")
    text = page(client, car).text
    assert reverse("checkout_plan", args=[car.public_id, "wifi"]) in text
    assert reverse("checkout_plan", args=[car.public_id, "remote"]) not in text


def test_C6_the_centre_and_the_car_lead_to_the_page(client, car):
    address = reverse("multimedia", args=[car.public_id])
    client.force_login(car.account)
    with time_machine.travel(NOW, tick=False):
        assert address in client.get(reverse("services", args=[car.public_id])).text
        assert address in client.get(reverse("vehicle", args=[car.public_id])).text


def test_C6_the_page_takes_a_fixed_number_of_queries(client, due, django_assert_max_num_queries):
    for _time in range(3):
        update = map_update(due)
        take(says(update, State.FAILED))
    with django_assert_max_num_queries(45):
        page(client, due)
