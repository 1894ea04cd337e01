"""The pages of one's driving, on a phone and on a desk, in both languages and both lights (T3, T4)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from garage.models import Trip
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.garage.driving import agree, bring, driving_package, said, season


@pytest.fixture
def driven(live_server, market):
    """A plug-in hybrid with eighty days of trips."""
    now = timezone.now()
    begun = now - timedelta(days=81)
    driving_package(market)
    owner = make.account("driver@example.com", market=market, now=begun)
    agree(owner, now=begun)
    car = make.active_car(owner, now=begun, powertrain="plug_in_hybrid")
    season(car, now=now, days=80)
    bring(said(car, now - timedelta(days=3), privacy_mode="at_end"), now=now)
    return car


def test_the_pages_of_driving_are_fit_for_everybody(pages_of, driven):
    visitor = pages_of(driven.account)
    last_month = (timezone.now().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    day = (timezone.now() - timedelta(days=3)).date().isoformat()
    trip = Trip.objects.filter(is_partial=True).order_by("pk").last()
    for language in LANGUAGES:
        with translation.override(language):
            addresses = [
                reverse("driving", args=[driven.public_id]),
                reverse("driving_month", args=[driven.public_id, last_month]),
                reverse("driving_trips", args=[driven.public_id]),
                reverse("driving_trip", args=[driven.public_id, trip.reported_id]),
                reverse("driving_missing", args=[driven.public_id]),
                f"{reverse('driving_missing', args=[driven.public_id])}?on={day}",
            ]
        for address in addresses:
            visitor.page.goto(address)
            visitor.look_bright_and_dark()
    assert visitor.complaints == []


def test_T3_a_bar_of_the_graph_says_its_figure_to_whom_it_is_read_and_shows_it_on_focus(pages_of, driven):
    visitor = pages_of(driven.account)
    visitor.page.goto(reverse("driving_month", args=[driven.public_id, f"{timezone.now() - timedelta(days=31):%Y-%m}"]))
    bars = visitor.page.locator(".chart").get_by_role("img")
    assert bars.count() > 20
    expect(bars.first).to_have_accessible_name(bars.first.locator("title").text_content())
    shown = bars.first.locator("text")
    expect(shown).to_have_css("opacity", "0")
    bars.first.focus()
    expect(shown).to_have_css("opacity", "1")
    visitor.page.get_by_text("The same as a table").click()
    table = visitor.page.get_by_role("table", name="Driving by day")
    assert table.get_by_role("row").count() == bars.count() + 1
    expect(table.get_by_role("columnheader").first).to_have_text("Day")
