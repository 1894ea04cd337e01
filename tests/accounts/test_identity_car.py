"""A5: the head unit signs in by a code that the owner confirms, through a standard client library."""

from base64 import b64encode

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.idp.oidc.models import Token
from authlib.integrations.base_client import OAuthError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.identity.car_codes import answer_car_code, find_car_code
from accounts.models import SignIn, TermsVersion
from accounts.views import identity
from accounts.views.car_code import MOST_LOOKED_UP
from portal.refusals import Refusal
from tests import make, oidc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


@pytest.fixture
def car():
    return oidc.app(client_id=oidc.CAR)


def page_of(browser: Client, code: str):
    return browser.get(reverse("car_code"), {"code": code})


def answer(browser: Client, code: str, said: str = "confirm"):
    return browser.post(reverse("car_code"), {"code": code, "answer": said})


def fetch(car, shown) -> str:
    """What the head unit is told: "granted", or why not."""
    try:
        oidc.fetch_by_car_code(car, shown["device_code"])
    except OAuthError as refused:
        return refused.error
    return "granted"


def test_A5_a_car_signs_in_by_its_code_and_calls_the_api(owner, car):
    shown = oidc.ask_for_car_code(car)
    assert fetch(car, shown) == "authorization_pending"
    answer(oidc.browser_of(owner), shown["user_code"])
    with time_machine.travel(timezone.now().timestamp() + 6):
        assert fetch(car, shown) == "granted"
        assert car.get("/api/v1/account/").json()["id"] == str(owner.public_id)
    sign_in = SignIn.objects.get()
    assert (sign_in.account, sign_in.client_id, sign_in.label) == (owner, oidc.CAR, "NX in the garage")


@pytest.mark.django_db(transaction=True)
def test_A5_a_car_signs_in_over_the_network(live_server, owner, settings):
    settings.SITE_URL = live_server.url
    car = oidc.sign_in_car(owner, live_server.url)
    assert car.get("/api/v1/notices/").status_code == 200
    car.close()


def test_A5_a_code_is_good_for_ten_minutes_and_its_address_is_short(car):
    shown = oidc.ask_for_car_code(car)
    assert (shown["expires_in"], shown["interval"]) == (600, 5)
    assert shown["verification_uri"] == f"{oidc.SITE}/car"
    assert shown["verification_uri_complete"] == f"{oidc.SITE}/car?code={shown['user_code']}"


@pytest.mark.parametrize("what", ["device-code", "token", "revoke"])
def test_A5_a_call_that_is_said_to_be_no_form_is_refused_in_the_words_of_the_standard(client, what):
    response = client.generic("POST", f"/identity/{what}")
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})


def test_A5_the_qr_code_leads_to_the_page_in_the_visitors_language(car):
    code = oidc.ask_for_car_code(car)["user_code"]
    led = Client(headers={"Accept-Language": "el"}).get(f"/car?code={code}")
    assert led["Location"] == f"/el/account/car-code/?code={code}"


def test_A5_the_page_says_which_car_asks_and_for_what(owner, car):
    shown = oidc.ask_for_car_code(car)
    page = page_of(oidc.browser_of(owner), shown["user_code"]).text
    for words in ("Lexus multimedia", "“NX in the garage”", "See your profile", shown["user_code"], owner.email):
        assert words in page
    assert "Change your name" not in page


def test_A5_a_car_that_names_nothing_shows_all_that_its_client_may(owner, car):
    shown = oidc.ask_for_car_code(car, device_name="", scope="openid")
    page = page_of(oidc.browser_of(owner), shown["user_code"]).text
    assert "It gave no name" in page
    assert "See your profile" not in page


def test_A5_how_the_code_is_typed_does_not_matter(owner, car):
    code = oidc.ask_for_car_code(car)["user_code"]
    for typed in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert "Is this your car?" in page_of(oidc.browser_of(owner), typed).text


def test_A5_a_refused_car_is_told_so_and_has_nothing(owner, car):
    shown = oidc.ask_for_car_code(car)
    answer(oidc.browser_of(owner), shown["user_code"], "refuse")
    assert fetch(car, shown) == "access_denied"
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("typed", ["AAAA-AAAA", "A", "!!!!", "Ωμέγα", "x" * 20])
def test_A5_a_code_that_there_is_not_is_answered_in_words(owner, typed):
    page = page_of(oidc.browser_of(owner), typed)
    assert page.status_code == 200
    assert "This code is not known" in page.text


def test_A5_a_used_code_is_answered_in_words(owner, stranger, car):
    shown = oidc.ask_for_car_code(car)
    answer(oidc.browser_of(owner), shown["user_code"])
    assert "has been answered already" in answer(oidc.browser_of(stranger), shown["user_code"]).text
    fetch(car, shown)
    assert "has been answered already" in page_of(oidc.browser_of(owner), shown["user_code"]).text
    assert SignIn.objects.get().account == owner


def test_A5_of_two_answers_at_the_same_moment_one_counts(owner, stranger, car):
    waiting = find_car_code(oidc.ask_for_car_code(car)["user_code"])
    answer_car_code(waiting, account=owner, is_confirmed=True)
    with pytest.raises(Refusal, match="answered already"):
        answer_car_code(waiting, account=stranger, is_confirmed=True)


def test_A5_an_expired_code_is_good_for_neither_side(owner, car):
    shown = oidc.ask_for_car_code(car)
    with time_machine.travel(timezone.now().timestamp() + 601):
        assert "This code" in answer(oidc.browser_of(owner), shown["user_code"]).text
        assert fetch(car, shown) == "invalid_grant"


def test_A5_a_device_code_of_another_client_or_made_up_gets_nothing(owner, car):
    shown = oidc.ask_for_car_code(car)
    answer(oidc.browser_of(owner), shown["user_code"])
    assert fetch(oidc.app(), shown) in {"unsupported_grant_type", "unauthorized_client"}
    assert fetch(car, {"device_code": "made-up"}) == "invalid_grant"


def test_A5_a_car_gets_what_was_confirmed_and_not_what_it_names_afterwards(owner):
    car = oidc.app(client_id=oidc.CAR, scope="openid profile account.read notices")
    shown = oidc.ask_for_car_code(car, scope="openid notices")
    answer(oidc.browser_of(owner), shown["user_code"])
    assert fetch(car, shown) == "granted"
    assert SignIn.objects.get().scopes == ["notices", "openid"]
    assert car.get("/api/v1/account/").status_code == 403


def test_A5_a_car_that_asks_too_often_is_slowed_down(car):
    shown = oidc.ask_for_car_code(car)
    fetch(car, shown)
    assert fetch(car, shown) == "slow_down"


def test_A5_the_app_gets_no_car_code_and_nobody_unknown_does(car):
    assert oidc.ask_for_car_code(car, client_id=oidc.APP) == {"error": "unauthorized_client"}
    assert "error" in oidc.ask_for_car_code(car, client_id="unknown")
    assert oidc.ask_for_car_code(car, scope="account.write")["error"] == "invalid_scope"


def test_A5_codes_from_one_network_address_are_limited(car, monkeypatch):
    monkeypatch.setattr(identity, "MOST_CODES", 1)
    oidc.ask_for_car_code(car)
    assert oidc.ask_for_car_code(car) == {"error": "slow_down"}


@pytest.mark.parametrize("label", ["x" * 61, "a\x00b", "4242 4242 4242 4242"])
def test_A5_a_name_that_is_none_is_refused(car, label):
    assert oidc.ask_for_car_code(car, device_name=label)["error"] == "invalid_request"


def test_A5_what_the_car_calls_itself_is_text_and_nothing_else(owner, car):
    shown = oidc.ask_for_car_code(car, device_name="<b>NX</b>\n 450h+")
    assert "&lt;b&gt;NX&lt;/b&gt; 450h+" in page_of(oidc.browser_of(owner), shown["user_code"]).text


def test_A5_a_visitor_comes_back_with_the_code_after_signing_in(owner, car):
    code = oidc.ask_for_car_code(car)["user_code"]
    led = page_of(Client(), code)
    assert led["Location"] == f"{reverse('account_login')}?next=/en/account/car-code/%3Fcode%3D{code}"
    typed = {"login": owner.email, "password": make.PASSWORD, "next": f"/en/account/car-code/?code={code}"}
    assert "Is this your car?" in Client().post(reverse("account_login"), typed, follow=True).text


def test_A2_without_the_terms_nothing_is_confirmed(owner, car):
    TermsVersion.objects.create(
        market=owner.market, version="2026-06", effective_at=make.NOW, texts={"en": "## New", "el": "## Νέοι"}
    )
    shown = oidc.ask_for_car_code(car)
    answer(oidc.browser_of(owner), shown["user_code"])
    assert fetch(car, shown) == "authorization_pending"


def test_A5_tries_are_limited(owner, car):
    browser = oidc.browser_of(owner)
    for _ in range(MOST_LOOKED_UP):
        page_of(browser, "AAAA-AAAA")
    tried = page_of(browser, oidc.ask_for_car_code(car)["user_code"])
    assert tried.status_code == 429
    assert "Too many tries" in tried.text


def test_A3_a_car_confirmed_before_a_new_password_gets_nothing_after_it(owner, car):
    shown = oidc.ask_for_car_code(car)
    answer(oidc.browser_of(owner), shown["user_code"])
    get_adapter().set_password(owner, "new-olive-harbour-42")
    assert fetch(car, shown) == "invalid_grant"
    assert not SignIn.objects.exists()
    assert not Token.objects.exists()


NO_CLIENTS = ["\0", "lexus\0", "x" * 101, "Ωμέγα", "a b"]


@pytest.mark.parametrize("client_id", NO_CLIENTS)
@pytest.mark.parametrize("path", ["token", "revoke", "device-code"])
def test_A5_what_can_be_no_client_is_refused_and_not_looked_up(path, client_id):
    form = {"client_id": client_id, "grant_type": "refresh_token", "refresh_token": "x", "token": "x"}
    assert Client().post(f"/identity/{path}", form).status_code in {400, 401}
    header = {"Authorization": "Basic " + b64encode(f"{client_id}:secret".encode()).decode()}
    del form["client_id"]
    assert Client(headers=header).post(f"/identity/{path}", form).status_code in {400, 401}


@pytest.mark.parametrize("field", ["code", "device_code", "refresh_token", "token", "scope"])
@pytest.mark.parametrize("path", ["token", "revoke", "device-code"])
def test_A5_a_nul_in_what_is_sent_is_refused(path, field):
    for grant in (oidc.DEVICE_GRANT, "authorization_code", "refresh_token"):
        form = {"client_id": oidc.CAR, "grant_type": grant, field: "a\0b"}
        assert Client().post(f"/identity/{path}", form).json()["error"] == "invalid_request"


def test_A5_nothing_is_confirmed_by_a_link_alone(owner, car):
    shown = oidc.ask_for_car_code(car)
    oidc.browser_of(owner).get(reverse("car_code"), {"code": shown["user_code"], "answer": "confirm"})
    assert fetch(car, shown) == "authorization_pending"
