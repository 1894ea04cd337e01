"""Text at twice its size, as the browser's own settings make it, on a phone: all is there, and nothing lies sideways.

Only `make proof` runs it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page

from tests import make
from tests.browser.visitor import LANGUAGES, PATIENCE_MS
from tests.chromium import STILL, chromium

USUAL_PX = 16
OF_AN_ACCOUNT = ("home", "garage", "subscriptions", "wallet", "documents", "support", "account", "dealers", "devices")
OF_A_CAR = ("vehicle", "services", "service", "drivers", "control", "reach", "sale_start")
WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))"""
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def page(chrome: Browser, live_server, owner, tmp_path: Path) -> Iterator[Page]:
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps({"webkit": {"webprefs": {"default_font_size": 2 * USUAL_PX}}}))
    client = Client()
    client.force_login(owner)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context = chrome.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium(),
        args=["--no-sandbox", "--disable-gpu", "--headless=new"],
        viewport={"width": 390, "height": 844},
        reduced_motion=STILL,
        base_url=live_server.url,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([cookie | {"url": live_server.url}])
    yield context.new_page()
    context.close()


def test_twice_the_text_fits_a_phone(page, car, card, digital_key, gateway):
    row = make.subscription(car, package=digital_key, gateway=gateway, now=timezone.now())
    arguments = {name: [] for name in OF_AN_ACCOUNT} | {name: [car.public_id] for name in OF_A_CAR}
    for language in LANGUAGES:
        with translation.override(language):
            places = [reverse(name, args=args) for name, args in arguments.items()]
            places.append(reverse("subscription", args=[row.public_id]))
        for place in places:
            page.goto(place)
            assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{2 * USUAL_PX}px"
            assert page.evaluate(FITS), (place, page.evaluate(WIDEST))
