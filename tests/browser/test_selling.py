"""Two browsers at phone size: one sells a car to its certificate, the other takes it over by the note's code (L1)."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from garage.models import Membership, Sale
from tests import make
from tests.browser.visitor import Visitor
from tests.selling import begun, left, sold

CODE = re.compile(r"[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def people(live_server, settings, market, gateway):
    """The seller pays 60.00 a year since today, and a spouse has proved access; the buyer has an account."""
    settings.SITE_URL = live_server.url
    now = timezone.now()
    seller = make.account("seller@example.com", market=market, now=now)
    make.card(seller, gateway=gateway, now=now)
    package = make.package("digital-key", market=market, prices={"yearly": "60.00"})
    car = make.active_car(seller, now=now)
    make.subscription(car, package=package, gateway=gateway, now=now)
    make.verified(make.account("spouse@example.com", market=market, now=now), car.vehicle, now=now)
    return seller, make.account("buyer@example.com", market=market, now=now, first_name="Maria", last_name="Savva")


def at_a_phone(visitor: Visitor) -> Visitor:
    visitor.page.set_viewport_size(PHONE)
    return visitor


def test_L1_a_car_is_sold_and_taken_over_between_two_browsers(people, pages_of, hands):
    seller, buyer = (at_a_phone(pages_of(account, hands=hands)) for account in people)
    seller.open("/en/garage/", heading="My Garage")
    seller.page.goto(reverse("vehicle", args=[Membership.objects.get(account=people[0]).public_id]))
    seller.follow("Sell this car", heading="Sell NX 350h")
    seller.reads("€60.00", "1 other account reaches the car")
    seller.press("Begin", heading="Sell NX 350h")
    seller.reads("Nothing has ended yet", "€60.00 in all is paid back")
    seller.follow("See what ends, and remove the car", heading="Remove NX 350h because it is sold?")
    seller.reads("€60.00", "It is cut off at once, and told")
    seller.press("Remove it now", heading="Sell NX 350h")
    seller.reads("It left on", "On its way")
    seller.follow("I have removed my profile", heading="What is still connected")
    seller.press("My profile is removed from this car", heading="Sell NX 350h")
    seller.press("Finish, and get the certificate", heading="NX 350h is sold")
    with seller.page.expect_download() as download:
        seller.click(seller.page.get_by_role("link", name="Download the certificate"))
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    seller.follow("Check page of number", heading="This certificate is genuine")
    seller.reads("…900001")
    seller.page.go_back()
    seller.follow("Note for the buyer", heading="To the buyer of this NX 350h")
    seller.press("Make a transfer code", heading="To the buyer of this NX 350h")
    [code] = CODE.findall(seller.page.locator(".hero").inner_text())

    buyer.open("/en/garage/cars/new/", heading="Add a car")
    buyer.follow("Code of the seller", heading="Add a car")
    buyer.type(transfer_code="4444-4444-4444", reading=str(make.ODOMETER_KM))
    buyer.press("Take the car over", heading="Add a car")
    buyer.reads("This transfer code is not valid")
    buyer.type(transfer_code=code.lower())
    buyer.press("Take the car over", heading="NX 350h")
    buyer.reads("You have control of NX 350h now", "You are the active account")

    seller.open(reverse("sale", args=[Sale.objects.get().public_id]), heading="NX 350h is sold")
    seller.reads("Refunds", "€60.00")
    assert "Savva" not in seller.page.content()
    assert seller.complaints == buyer.complaints == []


PAGES = {
    "sale_start": "car",
    "sale": "begun",
    "sale_removal": "begun",
    "sale_connections": "left",
    "sale_note": "left",
    "sales": "",
    "take_over": "",
}


@pytest.fixture
def own_cars(people):
    """A car with something paid, and three more in each state of a sale."""
    now = timezone.now()
    seller = people[0]
    return {
        "car": Membership.objects.get(account=seller).public_id,
        "begun": begun(make.active_car(seller, 2, now=now), now=now).public_id,
        "left": left(make.active_car(seller, 3, now=now), now=now).public_id,
        "sold": sold(make.active_car(seller, 4, now=now), now=now),
    }


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_pages_of_selling_are_fit_for_everybody(people, own_cars, pages_of, language):
    visitor = pages_of(people[0])
    for size in (PHONE, DESK):
        visitor.page.set_viewport_size(size)
        with translation.override(language):
            addresses = {name: reverse(name, args=[own_cars[of]] if of else []) for name, of in PAGES.items()}
            addresses["sale_finished"] = reverse("sale", args=[own_cars["sold"].public_id])
            addresses["certificate"] = reverse("certificate", args=[own_cars["sold"].check_number])
        for name, address in addresses.items():
            visitor.page.goto(address)
            visitor.look("")
            keep(visitor, f"{name}-{language}-{size['width']}")
        visitor.page.goto(addresses["sale_note"])
        visitor.page.locator("main form button").first.click()
        visitor.look("")
        keep(visitor, f"note-{language}-{size['width']}")
    assert visitor.complaints == []


def keep(visitor: Visitor, name: str) -> None:
    if os.environ.get("SHOTS"):
        visitor.page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
