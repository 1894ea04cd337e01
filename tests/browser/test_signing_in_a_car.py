"""A5 in a real browser: a car is signed in by its code and out by its owner; the app asks and is let in.

Each page is looked at on a phone and on a desk, in both languages.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page

from tests import oidc
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def page(live_server, owner, settings, chrome: Browser) -> Page:
    settings.SITE_URL = live_server.url
    oidc.clients()
    client = Client()
    client.force_login(owner)
    name = settings.SESSION_COOKIE_NAME
    context = chrome.new_context(base_url=live_server.url, locale="en-GB")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def visitor(page: Page) -> Visitor:
    page.set_viewport_size({"width": 390, "height": 844})
    return Visitor(page, has_script=True)


def test_A5_a_typed_code_signs_a_car_in_and_its_owner_signs_it_out(live_server, visitor):
    car = oidc.app(live_server.url, client_id=oidc.CAR)
    shown = oidc.ask_for_car_code(car)
    visitor.open("/en/account/sign-ins/", heading="Apps and cars")
    visitor.follow("Sign in a car with its code", heading="Sign in your car")
    visitor.type(code=shown["user_code"].lower().replace("-", " "))
    visitor.press("Continue", heading="Is this your car?")
    visitor.reads("NX in the garage", "Lexus multimedia", "See your profile")
    visitor.press("Yes, sign it in", heading="Apps and cars")
    oidc.fetch_by_car_code(car, shown["device_code"])
    assert car.get("/api/v1/account/").status_code == 200
    visitor.open("/en/account/sign-ins/", heading="Apps and cars")
    visitor.reads("Lexus multimedia: NX in the garage")
    visitor.press("Sign out Lexus multimedia", heading="Apps and cars")
    visitor.reads("NX in the garage is signed out.", "None.")
    assert car.get("/api/v1/account/").status_code == 401
    assert visitor.complaints == []
    car.close()


def test_A5_the_app_asks_and_the_browser_leads_back_into_it(live_server, visitor):
    app = oidc.app(live_server.url, redirect_uri="http://127.0.0.1/signed-in")
    url, state = oidc.request_url(app)
    visitor.page.route("http://127.0.0.1/signed-in*", lambda route: route.fulfill(body="<h1>In the app</h1>"))
    visitor.open(url, heading="Let Lexus Link+ app in?")
    with visitor.page.expect_request("http://127.0.0.1/signed-in*") as led_to:
        visitor.click(visitor.page.get_by_role("button", name="Yes, let it in"))
    app.fetch_token(authorization_response=led_to.value.url, state=state, code_verifier=oidc.VERIFIER)
    assert app.get("/api/v1/account/").status_code == 200
    app.close()


@pytest.mark.parametrize("language", ["en", "el"])
def test_A5_the_pages_are_fit_for_everybody(live_server, owner, visitor, language):
    owner.language = language
    owner.save(update_fields=["language"])
    car, app = oidc.app(live_server.url, client_id=oidc.CAR), oidc.app(live_server.url)
    oidc.sign_in_app(owner, live_server.url).close()
    oidc.sign_in_car(owner, live_server.url, device_name="A very long name of a car in a garage of Nicosia").close()
    with translation.override(language):
        question = f"{reverse('car_code')}?code={oidc.ask_for_car_code(car)['user_code']}"
        pages = [reverse("sign_ins"), reverse("car_code"), question, f"{reverse('car_code')}?code=AAAA-AAAA"]
    for address in [*pages, oidc.path_of(oidc.request_url(app)[0])]:
        visitor.page.goto(address)
        visitor.look_on_both()
    car.close()
    app.close()
