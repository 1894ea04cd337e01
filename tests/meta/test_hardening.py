"""What ASVS asks of every answer and of production, where no other module looks (docs/asvs.md)."""

import json
import logging
import re
from logging.config import DictConfigurator

import pytest
from django.conf import settings as live
from django.test import Client

from garage.actions.leave import end_membership
from garage.models import Membership
from tests import make
from tests.meta.failing_urls import SECRET
from tests.meta.routes import ROUTES
from tests.meta.test_api_access import answers as api_answers
from tests.meta.test_api_access import caller, urls_of_owners
from tests.meta.test_production import run

PRODUCTION = """
import json
import portal.wsgi
from django.conf import settings as s
from django.contrib.auth.hashers import get_hasher
from django.contrib.messages import INFO
from django.contrib.messages.storage import default_storage
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from accounts.views.account import keep_language
request = RequestFactory().get("/", secure=True, headers={"X-Forwarded-Proto": "https", "Host": "portal.example"})
names = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "DOMAIN", "PATH")
request.session = {}
said, told = default_storage(request), HttpResponse()
said.add(INFO, "Saved.")
said.update(told)
keep_language(told, "el")
print(json.dumps({
    "session": [getattr(s, f"SESSION_COOKIE_{name}") for name in names],
    "csrf": [getattr(s, f"CSRF_COOKIE_{name}") for name in names],
    "kept": sorted(told.cookies.output().splitlines()),
    "hsts": SecurityMiddleware(lambda request: HttpResponse())(request)["Strict-Transport-Security"],
    "hasher": [get_hasher().algorithm, get_hasher().iterations],
}))
"""
FORMER = {name for name, route in ROUTES.items() if route.is_owned and route.arguments[0] == "car"}
# What a former owner still finds: the rows of the own time (D3, D4).
OF_OWN_TIME = {"vehicle_data", "vehicle_data_file", "vehicle_data_kind", "grants"}
OF_OWN_TIME |= {name for name in ROUTES if name.startswith(("driving", "api_driving", "api_own_trip"))}


@pytest.fixture(scope="module")
def production() -> dict:
    asked = run("-c", PRODUCTION)
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_the_cookies_of_production_are_for_this_host_alone(production):
    for name in ("session", "csrf"):
        assert production[name] == [f"__Host-{name}", True, True, "Lax", None, "/"]
    for name, cookie in zip(("language", "messages"), production["kept"], strict=True):
        assert re.fullmatch(rf"Set-Cookie: __Host-{name}=[^;]+; HttpOnly; Path=/; SameSite=Lax; Secure", cookie)
    seconds, *more = production["hsts"].split("; ")
    assert int(seconds.partition("=")[2]) >= 365 * 24 * 3600
    assert more == ["includeSubDomains", "preload"]


def test_passwords_of_production_are_hashed_slowly(production):
    algorithm, rounds = production["hasher"]
    assert algorithm == "pbkdf2_sha256"
    assert rounds >= 600_000


def test_no_answer_opens_itself_to_other_sites(client, market):
    for path in ("/en/", "/en/account/login/", "/api/v1/schema/", "/api/v1/vehicles/", "/identity/o/api/token"):
        answer = client.get(path, headers={"Origin": "https://evil.example"})
        assert [name for name in answer.headers if name.startswith("Access-Control")] == [], path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/js/portal.js", 200),
        ("/static/img/icon.svg", 200),
        ("/favicon.ico", 302),
        ("/", 302),
        ("/no-such-page", 404),
        ("/api/v1/account/", 401),
        ("/calendar/guess.ics", 404),
        ("/.well-known/jwks.json", 200),
        ("/webhooks/payments/", 405),
        ("/alive/", 200),
        ("/brand.css", 200),
    ],
)
def test_every_kind_of_answer_has_a_policy_and_its_kind(client, market, path, status):
    """ASVS 3.4.3, 3.4.4, 3.4.6: pages are walked elsewhere; here is what else there is."""
    answer = client.get(path)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (status, "nosniff")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    kind = answer["Content-Type"].lower().replace('"', "")
    assert ("charset=utf-8" in kind) is kind.startswith(("text/", "image/svg+xml")), kind


def test_a_call_that_is_refused_for_plain_http_has_a_policy_and_its_kind(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/api/v1/account/")
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (403, "nosniff")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/.git/config", "/static/", "/static/../manage.py", "/manage.py", "/.env", "/var/"])
def test_nothing_but_static_files_is_served_and_no_folder_listed(client, market, path):
    assert client.get(path).status_code == 404
    assert client.trace("/en/account/login/").status_code == 405


def test_an_unexpected_error_tells_nothing_of_us(settings, market, caplog):
    settings.ROOT_URLCONF = "tests.meta.failing_urls"
    caplog.set_level(logging.CRITICAL, logger="django.request")
    answer = Client(raise_request_exception=False).get("/breaks/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert not any(word in page for word in (SECRET, "Traceback", "RuntimeError", "failing_urls", "Django"))


@pytest.mark.parametrize("kept", live.LOGGING["formatters"])
def test_no_line_of_the_log_can_be_forged(kept):
    formatter = DictConfigurator(live.LOGGING).configure_formatter(live.LOGGING["formatters"][kept])
    typed = "x\n2026-01-01 INFO portal.security signed_in account=1\r\u2028\x1b[2K"
    line = formatter.format(logging.LogRecord("portal", logging.INFO, "", 1, "refused: %s", (typed,), None))
    assert not set("\n\r\x1b") & set(line)


def test_law_11_a_former_owner_finds_nothing_of_the_car_that_was_theirs(estate):
    client = Client()
    client.force_login(estate.owner)
    app = caller(estate.owner)
    of_car = {name: url for name, url in urls_of_owners(estate).items() if ROUTES[name].arguments[0] == "car"}
    urls = {name: url for name, url in of_car.items() if name not in OF_OWN_TIME}
    end_membership(Membership.objects.get(public_id=estate.car), now=make.NOW, by=estate.owner)
    found = {}
    for name in FORMER - OF_OWN_TIME:
        send = client.get if ROUTES[name].owner else client.post
        found[name] = send(ROUTES[name].url(name, estate)).status_code
    assert found == dict.fromkeys(found, 404)
    answered = api_answers(app, urls)
    assert answered == dict.fromkeys(answered, 404)
