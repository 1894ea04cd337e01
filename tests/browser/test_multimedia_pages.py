"""The multimedia of a car, on a phone and on a desk: an update is asked for, and each state is fit for everybody."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from garage.models import MapUpdate
from garage.rules.maps import State
from tests import make
from tests.browser.test_sharing_cars import at_a_phone, browser  # noqa: F401
from tests.browser.visitor import LANGUAGES
from tests.garage import maps
from tests.garage.maps import says, take, version


@pytest.fixture
def car(live_server, settings, market):
    """With an old version, and a package that brings new ones."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    owner = make.account("owner@example.com", market=market, now=now)
    maps.releases(market)
    maps.map_package(market)
    make.package("wifi", market=market, prices={"monthly": "5.00"})
    car = make.active_car(owner, now=now - make.days(20))
    take(version(car, at=now - make.days(1)), now=now)
    return car


def test_an_update_is_asked_for_from_the_services_and_called_off(browser, live_server, car):  # noqa: F811
    visitor = at_a_phone(browser, live_server.url, car.account)
    visitor.open(reverse("services", args=[car.public_id]), heading="Connected Services")
    visitor.follow("Profile on the screen, map version and updates", heading="Multimedia")
    visitor.reads("Update due", "Download it, and bring it into the car yourself")
    visitor.press("Ask for the update over the air", heading="Multimedia")
    visitor.reads("The update is asked for.")
    visitor.press("Call the update off", heading="Multimedia")
    visitor.reads("The update is called off.")
    visitor.follow("Choose a plan", heading="choose a plan")
    assert visitor.complaints == []


def test_each_state_of_the_page_is_fit_for_everybody(browser, live_server, car):  # noqa: F811
    look(browser, live_server, car)
    update = maps.map_update(car, now=timezone.now())
    look(browser, live_server, car)
    take(says(update, State.SENT, at=timezone.now()), now=timezone.now())
    look(browser, live_server, car)
    take(says(update, State.INSTALLED, at=timezone.now()), now=timezone.now())
    look(browser, live_server, car)
    assert MapUpdate.objects.get().is_installed


def look(browser, live_server, car):  # noqa: F811
    visitor = at_a_phone(browser, live_server.url, car.account)
    for language in LANGUAGES:
        with translation.override(language):
            visitor.page.goto(reverse("multimedia", args=[car.public_id]))
        visitor.look_on_both()
