"""The wallet's pages say before the form what is taken and who keeps it, and refuse nothing by a button (W1, W5)."""

import pytest
import time_machine
from django.urls import reverse

from tests import make
from tests.journeys.conftest import words


@pytest.fixture
def signed_in(client, owner, now):
    client.force_login(owner)
    with time_machine.travel(now, tick=False):
        yield client


@pytest.mark.parametrize(
    ("funding", "said"),
    [(["credit"], "Visa, Mastercard (credit cards)"), (["credit", "debit"], "(credit cards, debit cards)")],
)
@pytest.mark.parametrize("page", ["wallet", "checkout_payment"])
def test_W1_brands_funding_and_the_provider_are_said_before_the_form(
    signed_in, car, navigation, market, page, funding, said
):
    market.card_funding = funding
    market.save(update_fields=["card_funding"])
    address = reverse(page, args=[] if page == "wallet" else [car.public_id, "navigation"])
    shown = signed_in.get(address, {"term": "yearly"}).content.decode()
    assert said in shown
    assert "The provider keeps your card." in shown
    assert shown.index("(credit cards") < shown.index(reverse("add_card"))


def test_W5_the_last_card_that_is_charged_has_no_button_to_remove_it(signed_in, car, card, navigation, gateway):
    address = reverse("card_removal", args=[card.public_id])
    assert "no subscription would charge it" in words(signed_in.get(address))
    make.subscription(car, package=navigation, gateway=gateway)
    page = signed_in.get(address)
    assert "a subscription would still charge it" in words(page)
    assert "Remove the card" not in page.text
    assert "This is your last card" in words(signed_in.post(address, follow=True))


def test_W5_the_page_names_the_card_that_becomes_the_primary_one(signed_in, card, owner, car, navigation, gateway):
    make.subscription(car, package=navigation, gateway=gateway)
    other = make.card(owner, gateway=gateway, nth=1)
    address = reverse("card_removal", args=[card.public_id])
    assert f"Charges then go to your card ending in {other.last4}." in words(signed_in.get(address))
    said = words(signed_in.post(address, follow=True))
    assert f"The card ending in {other.last4} is your primary card now." in said
