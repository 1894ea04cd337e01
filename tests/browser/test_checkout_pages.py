"""The steps of an order, on a phone and on a desk, in both languages: axe finds nothing, none is too wide."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.actions.dealers import prefer_dealer
from accounts.models import Dealer
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.meta.estate import estate  # noqa: F401

STEPS = ("checkout_plan", "checkout_payment", "checkout_dealer", "checkout_summary")


@pytest.fixture
def preferred(live_server, estate):  # noqa: F811
    """A preferred dealer; another one has been named with the order."""
    nearby = make.dealer(estate.owner.market, code="sample-larnaca", name="Sample Motors Larnaca")
    prefer_dealer(account=estate.owner, dealer=nearby, now=make.NOW, by=estate.owner)
    return estate


def test_the_steps_of_an_order_are_fit_for_everybody(pages_of, preferred):
    visitor = pages_of(preferred.owner)
    named = Dealer.objects.get(public_id=preferred.dealer)
    for language in LANGUAGES:
        for name in STEPS:
            query = {"term": "yearly", "dealer": str(named.public_id)}
            with translation.override(language):
                visitor.page.goto(reverse(name, args=[preferred.car, preferred.package], query=query))
            visitor.look_on_both()
        visitor.reads(named.name)


def test_S2_a_dealer_is_searched_for_named_and_taken_back(pages_of, preferred):
    visitor = pages_of(preferred.owner)
    address = reverse("checkout_summary", args=[preferred.car, preferred.package], query={"term": "yearly"})
    visitor.open(address, heading="Summary")
    visitor.follow("Name a dealer", heading="Which dealer helped you?")
    visitor.type(q="Larnaca")
    visitor.page.get_by_role("search").get_by_role("button", name="Search").click()
    visitor.look("Which dealer helped you?")
    visitor.follow("This one helped Sample Motors Larnaca", heading="Summary")
    visitor.reads("Sample Motors Larnaca")
    visitor.page.reload()
    visitor.reads("Sample Motors Larnaca")
    visitor.follow("Change the dealer who helped", heading="Which dealer helped you?")
    visitor.follow("Go on without a dealer", heading="Summary")
    visitor.reads("None named.")
    visitor.page.go_back()
    visitor.look("Which dealer helped you?")
