"""A car's last state and its alerts, on a phone and on a desk, in both languages, bright and dark (G10)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from tests import make
from tests.browser.visitor import WIDTH_OF

PAGES = ("vehicle_state", "vehicle_alerts", "vehicle", "garage")


@pytest.fixture
def andreas(live_server, market):
    """His car reported a warning light, another car of his something old, a third nothing."""
    account = make.account("andreas@example.com", market=market)
    make.dealer(market)
    begun = timezone.now() - timedelta(days=30)
    account.car = make.active_car(account, 1, now=begun, powertrain="plug_in_hybrid", body="saloon")
    for number in (2, 3, 4, 5):
        make.active_car(account, number, now=begun, powertrain="electric", body="hatchback")
    call_command("report_sample_cars")
    make.active_car(account, 6, now=begun)
    return account


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("el", "dark")])
def test_G10_the_pages_of_a_cars_state_are_fit_for_everybody(pages_of, andreas, language, scheme):
    visitor = pages_of(andreas)
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.set_viewport_size({"width": WIDTH_OF[language], "height": 900})
    for name in PAGES:
        with translation.override(language):
            url = reverse(name, args=[] if name == "garage" else [andreas.car.public_id])
        visitor.page.goto(url)
        visitor.look("")
    assert visitor.complaints == []
