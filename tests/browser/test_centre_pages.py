"""The Connected Services Centre and the page of prices with the sample catalogue, on a phone and on a desk (C1, C8)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from subscriptions.actions.catalogue import load_catalogue
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.catalogue.file import read_catalogue_file
from subscriptions.models import Package
from tests import make
from tests.browser.visitor import LANGUAGES

EVERYTHING = ["telematics", "remote", "remote_climate", "navigation", "map_care", "wifi", "driving_analytics"]
WARRANTY_YEARS = 2


@pytest.fixture
def cars(live_server, market, settings):
    """One with everything in its free years, of which one is taken up; one whose free years are over."""
    now = timezone.now()
    load_catalogue(read_catalogue_file(settings.BASE_DIR / "portal/data/lexus_cy/catalogue.yaml"), now=now)
    owner = make.account(market=market, now=now)
    began = date(now.year - WARRANTY_YEARS, 3, 15)
    equipment = [*EVERYTHING, "smart_services", "digital_key"]
    new = make.active_car(
        owner, 1, now=now, model="RX 450h+", powertrain="plug_in_hybrid", warranty_start=began, capabilities=equipment
    )
    remote = Package.objects.get(code="remote")
    activate_complimentary(account=owner, vehicle=new.vehicle, package=remote, now=now, by=owner)
    old = make.active_car(
        owner,
        2,
        now=now,
        model="LC 500",
        multimedia="MM17",
        powertrain="petrol",
        capabilities=["telematics", "navigation"],
    )
    return new, old


def test_the_centre_and_the_prices_are_fit_for_everybody(pages_of, cars):
    visitor = pages_of(cars[0].account)
    for language in LANGUAGES:
        with translation.override(language):
            pages = [*(reverse("services", args=[car.public_id]) for car in cars), reverse("prices")]
        for address in pages:
            visitor.page.goto(address)
            visitor.look_on_both()
