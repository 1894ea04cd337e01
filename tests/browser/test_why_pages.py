"""A customer whose car does not do what it should: from the services to what is in the way, and what mends it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from garage.actions.profile import end_profile, link_profile
from garage.models.profile import Source
from subscriptions.models import Service
from tests import make
from tests.browser.test_sharing_cars import at_a_phone, browser  # noqa: F401
from tests.browser.visitor import LANGUAGES
from tests.garage.reporting import privacy, state, take
from tests.subscriptions.incidents import incident

HOUR = timedelta(hours=1)


@pytest.fixture
def car(live_server, settings, market, gateway):
    """Reports Privacy Mode, and has been heard of just now; its profile was removed."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    owner = make.account("owner@example.com", market=market, now=now)
    make.card(owner, gateway=gateway, now=now)
    remote = make.package("remote", market=market, prices={"monthly": "6.90"})
    asks = {"uses_location": True, "uses_profile": True, "uses_charge": True}
    remote.services.add(Service.objects.create(code="find-my-car", names={"en": "Find My Car"}, **asks))
    car = make.active_car(owner, powertrain="electric", now=now - make.days(20))
    make.subscription(car, package=remote, term="monthly", gateway=gateway, now=now)
    profile = link_profile(membership=car, source=Source.DECLARED, now=now, by=owner)
    end_profile(profile=profile, source=Source.DECLARED, now=now, by=owner)
    take(privacy(car, at=now, source="app"), state(car, at=now, charge_percent=15), now=now)
    incident(packages=[remote], kind="maintenance", began_at=now - HOUR, ends_at=now + HOUR)
    return car


def test_from_the_services_to_the_one_link_that_mends_it(browser, live_server, car):  # noqa: F811
    visitor = at_a_phone(browser, live_server.url, car.account)
    visitor.open(reverse("services", args=[car.public_id]), heading="Connected Services")
    visitor.reads("In maintenance", "Privacy Mode is on since")
    visitor.follow("Why is it not working?", heading="Why is it not working?")
    visitor.follow("Remote", heading="Why is Remote not working?")
    visitor.reads("This is in the way", "Your profile was removed")
    visitor.follow("Link your profile", heading="Multimedia profile")
    visitor.press("It is linked", heading="Multimedia profile")
    visitor.reads("Declared by you.")
    visitor.open(reverse("why_package", args=[car.public_id, "remote"]), heading="Why is Remote not working?")
    visitor.follow("How to switch it off", heading="Privacy Mode")
    visitor.reads("switched in the app", "It cannot be switched here.")
    visitor.follow("Remote", heading="Why is Remote not working?")
    visitor.follow("Ask the customer centre", heading="Write to us")
    visitor.reads("Remote does not work in my car", "KAA001")
    assert visitor.complaints == []


def test_its_pages_are_fit_for_everybody(browser, live_server, car):  # noqa: F811
    visitor = at_a_phone(browser, live_server.url, car.account)
    for language in LANGUAGES:
        for name in ("why", "why_package", "privacy_mode", "profile_in_car", "services", "reach"):
            arguments = [car.public_id, "remote"] if name == "why_package" else [car.public_id]
            with translation.override(language):
                visitor.page.goto(reverse(name, args=arguments))
            visitor.look_on_both()
