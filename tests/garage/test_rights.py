"""One table decides what a link with a car may see: each right on each page, for each standing (G11, C7)."""

import re

import pytest
import time_machine
from django.urls import reverse

from garage.actions.drivers import accept_driving, invite_driver
from garage.models import Membership
from garage.rules.membership import RIGHTS, Right, Standing, may, standing
from subscriptions.models import Subscription
from tests import make

NOW = make.NOW
NOT_VERIFIED, INVITED, VERIFIED, ACTIVE = Standing
SHARED = {
    Right.CAPABILITIES,
    Right.SPECIFICATION,
    Right.MANUALS,
    Right.SERVICE_HISTORY,
    Right.DUE_DATES,
    Right.BOOKING,
    Right.OWN_PROFILE,
    Right.SERVICE_STATE,
}
# What each standing gets of the car's pages by GET; 302 leads to the page that says how to get the next.
PAGES = {
    "vehicle": {NOT_VERIFIED: 200, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "services": {NOT_VERIFIED: 200, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "control": {NOT_VERIFIED: 200, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "control_request": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 200, ACTIVE: 302},
    "control_offer": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "driving": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "driving_trips": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "driving_missing": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "drivers": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "profile_in_car": {NOT_VERIFIED: 302, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "reach": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "service": {NOT_VERIFIED: 302, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "service_entry_new": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "booking_new": {NOT_VERIFIED: 302, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "vehicle_data": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "grants": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "grant_new": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "why": {NOT_VERIFIED: 302, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
    "privacy_mode": {NOT_VERIFIED: 302, INVITED: 302, VERIFIED: 302, ACTIVE: 200},
    "vehicle_removal": {NOT_VERIFIED: 200, INVITED: 200, VERIFIED: 200, ACTIVE: 200},
}
# Words of the car's own page and of its services, and the right that they need.
WORDS = [
    ("vehicle", "NX 350h", Right.CAPABILITIES),
    ("vehicle", "Connected navigation", Right.CAPABILITIES),
    ("vehicle", "KAA001", Right.SPECIFICATION),
    ("vehicle", "Red Mica", Right.SPECIFICATION),
    ("vehicle", "15 March 2018", Right.SPECIFICATION),
    ("vehicle", "service history and warranty", Right.SERVICE_HISTORY),
    ("services", "Next charge on", Right.CONTROL),
    ("services", "€9.90", Right.CONTROL),
    ("control", "Hand control to another account", Right.CONTROL),
]
# What says which of them I am, on every page of the car that is about standing.
WHO = {
    NOT_VERIFIED: "Your access is not verified",
    INVITED: "You are an invited driver",
    VERIFIED: "You are verified",
    ACTIVE: "You are the active account",
}


def test_G11_the_table_of_rights():
    assert {
        NOT_VERIFIED: {Right.CAPABILITIES},
        INVITED: SHARED,
        VERIFIED: SHARED | {Right.CLAIM},
        ACTIVE: set(Right),
    } == RIGHTS


@pytest.mark.parametrize(
    ("verified", "active", "driver", "is_"),
    [
        (False, False, False, NOT_VERIFIED),
        (False, False, True, INVITED),
        (True, False, False, VERIFIED),
        (True, False, True, VERIFIED),
        (True, True, False, ACTIVE),
    ],
)
def test_G11_which_of_them_a_link_is(verified, active, driver, is_):
    assert standing(is_verified=verified, is_active=active, is_driver=driver) is is_


@pytest.fixture
def links(market, car, card, navigation, digital_key, gateway) -> dict[Standing, Membership]:
    """Four accounts and one car, on which the active one pays for the digital key and could have navigation."""
    make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    unproved, driver, proved = (make.account(f"{n}@example.com", market=market) for n in ("a", "b", "c"))
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    return {
        NOT_VERIFIED: make.linked(unproved, car.vehicle),
        INVITED: accept_driving(access=access, now=NOW, by=driver),
        VERIFIED: make.verified(proved, car.vehicle),
        ACTIVE: car,
    }


def page(client, link: Membership, name: str):
    client.force_login(link.account)
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse(name, args=[link.public_id]))


def test_G11_each_standing_on_each_page(client, links):
    seen = {
        name: {standing: page(client, link, name).status_code for standing, link in links.items()} for name in PAGES
    }
    assert seen == PAGES


def test_G11_where_a_page_is_not_for_a_standing_it_leads_to_what_to_do(client, links):
    for name, by_standing in PAGES.items():
        for each, status in by_standing.items():
            if status == 302:
                assert page(client, links[each], name)["Location"] == reverse("control", args=[links[each].public_id])


@pytest.mark.parametrize(("name", "words", "right"), WORDS)
def test_G11_a_right_decides_what_a_page_says(client, links, name, words, right):
    # The unproved link was added by its VIN, which therefore is no secret to it.
    seen = {each: words in page(client, link, name).content.decode() for each, link in links.items()}
    assert seen == {each: may(each, right) for each in links}


@pytest.mark.parametrize("name", ["vehicle", "control"])
def test_G11_each_page_says_which_of_them_i_am(client, links, name):
    for each, link in links.items():
        text = page(client, link, name).content.decode()
        assert [who for who, words in WHO.items() if words in text] == [each]


@pytest.mark.parametrize("each", list(Standing))
def test_G11_the_cars_page_links_in_groups_to_what_its_reader_may_open(client, links, each):
    text = page(client, links[each], "vehicle").content.decode()
    text = text[text.index("<main") : text.index("</main>")]
    groups = re.findall(r"<section.*?</section>", text, re.DOTALL)
    linked = [href for group in groups if "<h2" in group for href in re.findall(r'<a [^>]*href="([^"?]+)', group)]
    stray = [href for href in re.findall(r'<a [^>]*href="([^"?]+)', text) if str(links[each].public_id) in href]
    assert set(stray) <= set(linked)
    with time_machine.travel(NOW, tick=False):
        assert {href: client.get(href).status_code for href in linked} == dict.fromkeys(linked, 200)


@pytest.mark.parametrize("each", list(Standing))
def test_G11_the_state_of_services_without_prices_or_payer(client, links, each):
    text = page(client, links[each], "services").content.decode()
    assert ("It is running for this car." in text) is (each in {INVITED, VERIFIED})
    assert ("View the subscription" in text) is (each is ACTIVE)


@pytest.mark.parametrize("each", list(Standing))
def test_V4_only_who_has_proved_access_is_shown_how_to_ask(client, links, each):
    for name in ("control", "vehicle"):
        assert ("Ask for control" in page(client, links[each], name).content.decode()) is (each is VERIFIED)


def test_G11_others_see_that_a_service_runs_and_not_that_its_payment_failed(client, links):
    Subscription.objects.update(status="past_due", next_try_on=NOW.date() + make.days(40), tries_used=1)
    assert "Payment problem" in page(client, links[ACTIVE], "services").content.decode()
    for each in (INVITED, VERIFIED, NOT_VERIFIED):
        assert "Payment problem" not in page(client, links[each], "services").content.decode()


@pytest.mark.parametrize("each", [NOT_VERIFIED, INVITED, VERIFIED])
def test_C7_only_the_active_account_orders(client, links, navigation, each):
    client.force_login(links[each].account)
    with time_machine.travel(NOW, tick=False):
        answer = client.get(reverse("checkout_plan", args=[links[each].public_id, navigation.code]))
    assert answer.status_code in (302, 404)
