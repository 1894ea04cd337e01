"""What every call of the API goes through: token, scope, Terms, limits, errors in one shape."""

import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.models import TermsVersion
from portal.api.public import PublicView
from portal.api.views import ApiView
from tests import make, oidc

# What a car is capable of (G7), and the support hub (H1).
FOR_EVERYBODY = ("/api/v1/connectivity/", "/api/v1/support/")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


@pytest.fixture
def app(owner):
    return oidc.sign_in_app(owner)


def is_problem(answer, status: int, code: str) -> bool:
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    return body["type"] == "about:blank" and bool(body["title"]) and bool(body["detail"])


def test_A5_without_a_token_it_is_401_and_says_how(owner):
    answer = Client().get("/api/v1/account/")
    assert is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("header", ["Bearer made-up", "Bearer", "Basic b3duZXI6", f"Bearer {'x' * 300}", "Bearer é"])
def test_A5_a_token_that_is_none_is_401_and_never_403(header):
    answer = Client(headers={"Authorization": header}).get("/api/v1/account/")
    assert is_problem(answer, 401, "token_invalid")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_A5_a_signed_in_browser_has_no_way_in(owner):
    assert oidc.browser_of(owner).get("/api/v1/account/").status_code == 401


def test_A5_a_refresh_token_opens_nothing(app):
    header = {"Authorization": f"Bearer {app.token['refresh_token']}"}
    assert Client(headers=header).get("/api/v1/account/").status_code == 401


def test_A5_a_scope_that_was_not_granted_is_403(owner):
    app = oidc.sign_in_app(owner, scope="openid account.read")
    assert app.get("/api/v1/account/").status_code == 200
    assert is_problem(app.get("/api/v1/notices/"), 403, "scope_missing")
    assert is_problem(app.patch("/api/v1/account/", json={"first_name": "X"}), 403, "scope_missing")


def test_A5_every_method_of_every_view_names_its_scope():
    views = [p.callback.cls for p in _patterns(get_resolver()) if hasattr(getattr(p, "callback", None), "cls")]
    ours = [view for view in views if issubclass(view, ApiView)]
    assert len(ours) >= 3
    for view in ours:
        handled = {name.upper() for name in view.http_method_names if hasattr(view, name)} - {"HEAD"}
        assert (view, handled) == (view, set(view.scopes))


def _addresses(resolver, before: str = ""):
    """Of all calls."""
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _addresses(each, address)
        elif issubclass(getattr(each.callback, "cls", object), ApiView | PublicView):
            yield address


def _patterns(resolver):
    for each in resolver.url_patterns:
        yield from _patterns(each) if hasattr(each, "url_patterns") else [each]


def test_A2_without_the_terms_only_the_account_is_read(owner, app):
    TermsVersion.objects.create(
        market=owner.market, version="2026-06", effective_at=make.NOW, texts={"en": "## New", "el": "## Νέοι"}
    )
    assert app.get("/api/v1/account/").json()["has_accepted_terms"] is False
    assert is_problem(app.get("/api/v1/notices/"), 403, "terms_required")
    assert is_problem(app.patch("/api/v1/account/", json={}), 403, "terms_required")


@pytest.mark.parametrize("address", ["nothing/", "account", "notices/17/read/", ""])
def test_what_is_no_address_is_a_problem(address):
    assert is_problem(Client().get(f"/api/v1/{address}"), 404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_a_method_that_there_is_not_is_405(app, method):
    answer = app.request(method, "/api/v1/account/")
    assert is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, PATCH"


def test_words_that_cannot_be_read_are_400_and_other_kinds_415(app):
    kind = {"Content-Type": "application/json"}
    for body in (b"{", b"\xff\xfe", b'{"first_name": NaN}'):
        assert is_problem(app.patch("/api/v1/account/", data=body, headers=kind), 400, "parse_error")
    xml = app.patch("/api/v1/account/", data=b"<a/>", headers={"Content-Type": "application/xml"})
    assert is_problem(xml, 415, "unsupported_media_type")


def test_too_large_is_413_before_it_is_read(app):
    assert is_problem(app.patch("/api/v1/account/", json={"first_name": "x" * 70_000}), 413, "too_large")


def test_faults_are_named_field_by_field_in_the_callers_language(app):
    sent = {"language": "xx", "phone": "call me", "first_name": "y" * 81}
    answer = app.patch("/api/v1/account/", json=sent, headers={"Accept-Language": "el"})
    assert is_problem(answer, 400, "invalid")
    faults = {fault["field"]: fault["code"] for fault in answer.json()["errors"]}
    assert faults == {"language": "invalid_choice", "phone": "invalid", "first_name": "max_length"}
    assert answer.headers["Content-Language"] == "el"


def test_half_a_character_is_a_fault_and_not_a_failure(app):
    for name in ("language", "first_name"):
        body = f'{{"{name}": "\\ud800"}}'.encode()
        answer = app.patch("/api/v1/account/", data=body, headers={"Content-Type": "application/json"})
        assert is_problem(answer, 400, "invalid")


@pytest.mark.parametrize("body", [b"[]", b"17", b'"words"', b"null"])
def test_what_is_no_object_is_a_fault_of_the_whole(app, body):
    answer = app.patch("/api/v1/account/", data=body, headers={"Content-Type": "application/json"})
    assert is_problem(answer, 400, "invalid")
    assert answer.json()["errors"][0]["field"] == ""


def test_an_account_has_its_share_and_the_others_keep_theirs(owner, stranger, settings, app):
    settings.API_CALLS_OF_ACCOUNT = 3
    other = oidc.sign_in_app(stranger)
    answers = [app.get("/api/v1/account/") for _ in range(8)]
    assert {answer.status_code for answer in answers[-3:]} == {429}
    assert is_problem(answers[-1], 429, "throttled")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert other.get("/api/v1/account/").status_code == 200


def test_a_client_has_its_share_too(stranger, settings, app):
    settings.API_CALLS_OF_CLIENT = 2
    assert [oidc.sign_in_app(stranger).get("/api/v1/account/").status_code for _ in range(6)][-1] == 429
    assert oidc.sign_in_car(stranger).get("/api/v1/account/").status_code == 200


def test_nothing_of_an_account_stays_in_a_cache(app):
    answer = app.get("/api/v1/account/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_the_description_has_each_call_with_its_scope_and_the_problem():
    described = json.loads(Client(headers={"Accept": "application/json"}).get(reverse("api_schema")).content)
    patterns = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", address) for address in _addresses(get_resolver())}
    assert set(described["paths"]) == patterns
    for address, calls in described["paths"].items():
        for call in calls.values():
            assert "application/problem+json" in call["responses"]["default"]["content"]
            assert address.startswith(FOR_EVERYBODY) or call["security"][0]["bearer"]


def test_every_writing_call_takes_a_key():
    """What it does is then done once (test_idempotency.py)."""
    described = SchemaGenerator().get_schema(public=True)["paths"]
    without = {
        (address, method)
        for address, calls in described.items()
        for method, call in calls.items()
        if method != "get" and "Idempotency-Key" not in [each["name"] for each in call.get("parameters", [])]
    }
    assert without == set()


def test_the_description_is_valid_and_nothing_of_it_is_guessed(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    assert "Error" not in capsys.readouterr().err


def test_a_call_costs_few_queries(owner, app, django_assert_num_queries):
    # The token, its use, and the Terms; its use is noted every five minutes.
    for queries in (3, 2):
        with django_assert_num_queries(queries):
            app.get("/api/v1/account/")
