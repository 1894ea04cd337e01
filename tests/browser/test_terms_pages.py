"""A new price answered and a term changed, on a phone and on a desk, in both languages (S8, S10)."""

import time_machine
from django.urls import reverse
from django.utils import translation

from subscriptions.models import ContractAmendment, PlannedChange, PriceOffer
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.subscriptions.running_plans import announce as announce
from tests.subscriptions.running_plans import at
from tests.subscriptions.running_plans import monthly as monthly
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


def look_at(visitor, name, subscription, query=""):
    for language in LANGUAGES:
        with translation.override(language):
            visitor.page.goto(reverse(name, args=[subscription.public_id]) + query)
        visitor.look_on_both()


def test_S10_a_new_price_is_declined_and_then_accepted_after_all(yearly, announce, run, pages_of):
    announce(yearly)
    run("2027-04-11")
    with time_machine.travel(at("2027-04-11")):
        visitor = pages_of(yearly.account)
        look_at(visitor, "subscription", yearly)
        look_at(visitor, "new_price", yearly)
        visitor.open(reverse("new_price", args=[yearly.public_id]), heading="A new price for")
        visitor.press("Do not accept", heading="Digital-Key")
        visitor.reads("it ends on 10 June 2027")
        look_at(visitor, "new_price", yearly)
        visitor.open(reverse("new_price", args=[yearly.public_id]), heading="A new price for")
        visitor.press("Accept the new price", heading="Contract")
        visitor.reads("The new price is agreed.")
    assert ContractAmendment.objects.get().offer == PriceOffer.objects.get()
    assert visitor.complaints == []


def test_S8_the_term_is_changed_with_both_sides_in_sight(yearly, pages_of):
    with time_machine.travel(at("2026-09-20")):
        visitor = pages_of(yearly.account)
        look_at(visitor, "term", yearly)
        look_at(visitor, "term", yearly, "?term=monthly")
        visitor.open(
            reverse("term", args=[yearly.public_id]) + "?term=monthly", heading="Change Digital-Key to monthly"
        )
        visitor.reads("€40.00", "Nothing is ordered")
        visitor.press("End", heading="Digital-Key")
        visitor.reads("You plan to go on monthly")
    assert PlannedChange.objects.get().begins_on == make.date(2026, 10, 10)
    assert visitor.complaints == []
