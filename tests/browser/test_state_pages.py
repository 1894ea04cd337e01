"""A car's last state and its alerts, on a phone and on a desk, in both languages, bright and dark (G10)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from tests import make
from tests.browser.visitor import LANGUAGES

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


def test_G10_the_pages_of_a_cars_state_are_fit_for_everybody(pages_of, andreas):
    visitor = pages_of(andreas)
    for language in LANGUAGES:
        for name in PAGES:
            with translation.override(language):
                url = reverse(name, args=[] if name == "garage" else [andreas.car.public_id])
            visitor.page.goto(url)
            visitor.look_bright_and_dark()
    assert visitor.complaints == []
