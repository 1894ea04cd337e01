"""The pages of a car's service, on a phone and on a desk, in both languages: axe finds nothing, none is too wide."""

import pytest
from django.urls import reverse
from django.utils import translation

from garage.models import Membership, Workshop
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.meta.estate import estate  # noqa: F401

PAGES = {
    "service": ("car",),
    "booking_new": ("car",),
    "booking": ("booking",),
    "booking_change": ("booking",),
    "service_entry_new": ("car",),
    "service_entry": ("car", "service_entry"),
    "manuals": ("car",),
    "vehicle_report": ("car",),
    "delivery": ("order",),
}


@pytest.fixture
def serviced(live_server, estate):  # noqa: F811
    """With a plan, a recall, and a dealer's service beside the owner's entry."""
    market = estate.owner.market
    make.maintenance_plan(market)
    make.recall(market)
    vehicle = Membership.objects.get(public_id=estate.car).vehicle
    make.dealers_record(vehicle, market_dealer(market), done_on=make.NOW.date(), odometer_km=24_000)
    return estate


def market_dealer(market):
    return make.dealer(market, "sample-limassol", name="Sample Motors Limassol")


def test_the_pages_of_service_are_fit_for_everybody(pages_of, serviced):
    visitor = pages_of(serviced.owner)
    for language in LANGUAGES:
        for name, arguments in PAGES.items():
            with translation.override(language):
                visitor.page.goto(reverse(name, args=[getattr(serviced, argument) for argument in arguments]))
            visitor.look_on_both()
        with translation.override(language):
            address = f"{reverse('booking_new', args=[serviced.car])}?dealer={Workshop.objects.get().public_id}"
        # The works, then the free times.
        for query in ("", "&works=service"):
            visitor.page.goto(address + query)
            visitor.look_on_both()
    assert visitor.complaints == []
