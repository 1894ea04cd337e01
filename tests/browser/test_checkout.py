"""The checkout with and without JavaScript, in both languages: reload, back, a second tab and a double click (S2, S7).

In English with JavaScript it is a part of `test_journey.py`.
"""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from subscriptions.models import Subscription
from tests.browser.visitor import Visitor


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
