"""Two browsers and one car: an invitation between them, then control with the refund that was shown (G12, V4)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Browser

from accounts.models import Account
from garage.models import Membership
from subscriptions.models import Refund
from tests import make
from tests.browser.visitor import LANGUAGES, Visitor, link_in_mail
from tests.chromium import STILL
from tests.meta.estate import estate  # noqa: F401

PAGES = {
    "vehicle": ("car",),
    "control": ("car",),
    "control_offer": ("car",),
    "control_answer": ("control_request",),
    "control_offered": ("offered",),
    "drivers": ("car",),
    "driver": ("driver",),
    "driver_invitation": ("driving",),
    "reach": ("car",),
    "reach_end": ("car", "link_beside"),
}


@pytest.fixture
def browser(live_server, chrome: Browser) -> Browser:
    return chrome


def at_a_phone(browser: Browser, origin: str, account: Account, hands: type[Visitor] = Visitor) -> Visitor:
    client = Client()
    client.force_login(account)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context = browser.new_context(
        base_url=origin, viewport={"width": 390, "height": 844}, locale="en-GB", reduced_motion=STILL
    )
    context.add_cookies([cookie | {"url": origin}])
    return hands(context.new_page(), has_script=True)


@pytest.fixture
def people(live_server, settings, market, gateway):
    """The owner pays 60.00 a year since today; the other has an account and nothing else."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    owner = make.account("owner@example.com", market=market, now=now)
    other = make.account("other@example.com", market=market, now=now, first_name="Maria", last_name="Savva")
    make.card(owner, gateway=gateway, now=now)
    package = make.package("digital-key", market=market, prices={"yearly": "60.00"})
    make.subscription(make.active_car(owner, now=now), package=package, gateway=gateway, now=now)
    return owner, other


def test_an_invitation_and_a_handing_over_between_two_browsers(browser, live_server, people, hands):
    owner, other = (at_a_phone(browser, live_server.url, account, hands) for account in people)
    owner.open("/en/garage/", heading="My Garage")
    owner.page.goto(reverse("drivers", args=[Membership.objects.get().public_id]))
    owner.look("Drivers of NX 350h")
    owner.type(email="other@example.com")
    owner.press("Send the invitation", heading="Drivers of NX 350h")
    owner.reads("on its way to other@example.com", "not accepted yet")

    other.open(link_in_mail("other@example.com", "invitation to drive"), heading="Drive this car: NX 350h?")
    other.press("Accept", heading="NX 350h")
    other.reads("You are an invited driver", "KAA001")

    owner.page.reload()
    owner.look("Drivers of NX 350h")
    owner.follow("Hand control over", heading="Hand control of NX 350h")
    owner.reads("€60.00", "What ends when it is accepted today")
    assert owner.page.input_value("[name=email]") == "other@example.com"
    owner.press("Offer control", heading="Who controls NX 350h")
    owner.reads("You have offered control")

    other.open(link_in_mail("other@example.com", "control of a car"), heading="Take control of this car: NX 350h?")
    other.press("Take control", heading="Who controls NX 350h")
    other.reads("You are the active account")

    owner.page.reload()
    owner.look("Who controls NX 350h")
    owner.reads("You are verified", "prove access again, then ask for control")
    assert str(Refund.objects.get().amount) == "60.00"
    assert owner.complaints == other.complaints == []


def test_the_pages_of_sharing_are_fit_for_everybody(browser, live_server, estate):  # noqa: F811
    visitor = at_a_phone(browser, live_server.url, estate.owner)
    for language in LANGUAGES:
        for name, arguments in PAGES.items():
            with translation.override(language):
                visitor.page.goto(reverse(name, args=[getattr(estate, argument) for argument in arguments]))
            visitor.look_on_both()


def test_the_table_of_refunds_by_day_is_fit_for_a_phone(browser, live_server, people, gateway):
    """The free month of navigation is charged within the days of the offer."""
    owner, _other = people
    package = make.package("navigation", market=owner.market, gives_trial=True)
    car = Membership.objects.get()
    ordered = timezone.now() - timedelta(days=27)
    make.subscription(car, package=package, gateway=gateway, now=ordered)
    visitor = at_a_phone(browser, live_server.url, owner)
    visitor.page.goto(reverse("control_offer", args=[car.public_id]))
    visitor.look("Hand control of NX 350h")
    visitor.reads("If it is accepted later", "€159.00")
