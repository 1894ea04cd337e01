"""The checkout with and without JavaScript, in both languages: reload, back, a second tab and a double click (S2, S7).

In English with JavaScript it is a part of `test_journey.py`.
"""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from subscriptions.models import Subscription
from tests.browser.visitor import Visitor

ASKED_ABOUT = {"number": "4000000000000077", "expiry": "12/40", "cvc": "123", "name": "E Test"}


@pytest.mark.parametrize(
    ("language", "has_script"),
    [("el", True), ("el", False), ("en", False)],
    ids=["Greek", "Greek without JavaScript", "English without JavaScript"],
)
def test_S2_an_order_survives_reload_back_and_a_second_tab(
    pages_of, owner, car, card, digital_key, gateway, monkeypatch, language, has_script
):
    monkeypatch.setattr("subscriptions.views.checkout.get_gateway", lambda: gateway)
    visitor = pages_of(owner, has_script=has_script)
    with translation.override(language):
        visitor.open(reverse("checkout_plan", args=[car.public_id, digital_key.code]), heading="Digital-Key")
        visitor.page.locator("[value=yearly]").check()
        visitor.press(_("Go on"), heading=_("Address and card"))
        visitor.follow(_("Go on to the summary"), heading=_("Summary"))
        visitor.page.reload()
        visitor.reads("60")
        other_tab = Visitor(visitor.page.context.new_page(), has_script=has_script)
        other_tab.open(visitor.page.url, heading=_("Summary"))
        visitor.page.get_by_role("button", name=_("Order with obligation to pay")).dblclick()
        visitor.look("Digital-Key")
        other_tab.press(_("Order with obligation to pay"), heading="Digital-Key")
        other_tab.reads(_("You have ordered %(package)s already.") % {"package": "Digital-Key"})
        visitor.page.go_back()
        visitor.look("Digital-Key")
    assert (Subscription.objects.get().status, len(gateway.charges())) == ("paid", 1)


def test_P8_the_bank_asks_about_the_first_charge_and_leads_back(with_provider, pages_of, owner, car, digital_key):
    """On the provider's own pages, with a card that banks ask about (S11)."""
    visitor = pages_of(owner)
    visitor.open(reverse("checkout_plan", args=[car.public_id, digital_key.code]), heading="Digital-Key")
    visitor.press("Go on", heading="Address and card")
    visitor.press("Add a card", heading="card")
    for field, text in ASKED_ABOUT.items():
        visitor.page.fill(f"#{field}", text)
    visitor.page.locator("button.primary").click()
    visitor.look("")
    visitor.press("Confirm", heading="Address and card")
    visitor.follow("Go on to the summary", heading="Summary")
    visitor.press("Order with obligation to pay", heading="")
    visitor.open(reverse("ordered", args=[Subscription.objects.get().public_id]), heading="being confirmed")
    visitor.press("Go on at the bank", heading="")
    visitor.press("Confirm", heading="Digital-Key is active")
    assert Subscription.objects.get().status == "paid"
