"""Every page in every look: judged (`LOOKS=judge`, a part of `make proof`), or taken pictures of (`LOOKS=pictures`)."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import Account
from tests.chromium import STILL
from tests.looks.looking import MOST_BYTES, Look, counted, judge, photograph
from tests.looks.places import Place, places
from tests.looks.report import EVERY_PAGE, ROOT, pages_table, renew
from tests.looks.sheet import lay_out
from tests.proof.results import note

WANTED = os.environ.get("LOOKS_AT", "").split()


@pytest.fixture
def pages(estate, gateway, digital_key) -> list[Place]:
    found = [*places(estate, gateway=gateway, package=digital_key)]
    return [place for place in found if not WANTED or place.route in WANTED]


@pytest.fixture
def page_of(live_server, chrome: Browser, settings):
    """One browser page a person, signed in already."""
    opened: dict[str, Page] = {}

    def page(who: Account | None) -> Page:
        key = who.email if who else ""
        if key not in opened:
            context = chrome.new_context(base_url=live_server.url, reduced_motion=STILL, service_workers="block")
            if who:
                client = Client()
                client.force_login(who)
                value = client.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
            opened[key] = context.new_page()
            opened[key].set_default_timeout(20_000)
        return opened[key]

    return page


@pytest.mark.skipif(os.environ.get("LOOKS") != "judge", reason="a part of make proof")
def test_every_page_is_fit_for_everybody_light_and_asks_little(pages, page_of):
    looks = []
    for place in pages:
        look = counted(place)
        if not look.weight:
            continue
        judge(look, page_of(place.who))
        looks.append(look)
    note("pages looked at", pages=len(looks), looks=12 * len(looks), found=sum(len(look.faults) for look in looks))
    if not WANTED:
        renew(EVERY_PAGE, pages_table(looks))
    assert not [complaint for look in looks for complaint in complaints(look)]


def complaints(look: Look) -> list[str]:
    found = [f"{look.place.name}: {fault}" for fault in look.faults]
    if look.weight > MOST_BYTES:
        found.append(f"{look.place.name}: {look.weight} bytes")
    return found


@pytest.mark.skipif(os.environ.get("LOOKS") != "pictures", reason="make contact-sheet")
def test_a_picture_of_every_page(pages, page_of):
    folder = Path(os.environ.get("LOOKS_FOLDER", ROOT / "var" / "looks"))
    folder.mkdir(parents=True, exist_ok=True)
    looks = []
    for place in pages:
        look = counted(place)
        if look.weight:
            photograph(look, page_of(place.who), folder)
            looks.append(look)
    print(f"\nThe contact sheet: {lay_out(looks, folder)}")
