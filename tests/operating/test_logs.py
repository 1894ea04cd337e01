"""Log lines: JSON with the ids of request, task and account, and nothing personal, whatever people send."""

import io
import json
import logging
import sys
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from portal.operating.logs import JsonLines
from portal.operating.masking import masked
from tests.operating.personal import CARD, EMAIL, PERSONAL, PHONE, TOKEN, VIN
from tests.staff import sign_in_at_the_desk


@pytest.fixture
def lines():
    """What the console's own handler writes, with its own filters."""
    [handler] = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    stream, formatter, level = io.StringIO(), handler.formatter, handler.level
    before = handler.setStream(stream)
    handler.setFormatter(JsonLines())

    def read() -> list[dict]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    handler.setStream(before or sys.stderr)
    handler.setFormatter(formatter)
    handler.setLevel(level)


def assert_nothing_personal(lines) -> None:
    written = json.dumps(lines, ensure_ascii=False)
    found = [each for each in PERSONAL for form in (each, quote(each), each.lower()) if form in written]
    assert found == [], written[:3000]


@pytest.mark.parametrize("personal", PERSONAL)
def test_nothing_of_a_path_a_query_a_body_or_a_header_reaches_the_log(db, lines, client, market, personal):
    asked = quote(personal, safe="")
    paths = [f"/{asked}/", f"/en/garage/{asked}/", f"/en/support/{asked}/", f"/api/v1/connectivity/{asked}/"]
    headers = {"X-Request-ID": personal, "Referer": f"http://localhost/?q={asked}", "User-Agent": personal}
    for path in [*paths, f"/en/?q={asked}", f"/admin/?q={asked}"]:
        client.get(path, headers=headers)
    for route in ("account_signup", "account_login", "account_reset_password", "case_new", "payment_events"):
        facts = dict.fromkeys(("email", "login", "password", "password1", "vin", "telephone", "text", "q"), personal)
        Client(enforce_csrf_checks=True, headers=headers).post(f"{reverse(route)}?next={asked}", facts)
        client.post(f"{reverse(route)}?next={asked}", facts, headers=headers)
    client.get("/en/", headers={"Host": f"{asked}.example"})
    assert len(lines()) > len(paths)
    assert_nothing_personal(lines())


def test_nothing_of_an_exception_reaches_the_log(db, lines, client, market, monkeypatch):
    """A page that fails repeats what it was given, as libraries do."""

    def fails(*_, **__):
        raise ValueError(f"{EMAIL} has {VIN}, call {PHONE}, token={TOKEN}, pays with {CARD}")

    monkeypatch.setattr("portal.views.Brand.objects.filter", fails)
    client.raise_request_exception = False
    assert client.get(reverse("brand_css"), {"q": EMAIL}).status_code == 500
    [failed] = [line for line in lines() if line["level"] == "ERROR"]
    assert "ValueError" in failed["trace"]
    assert failed["request_id"]
    assert_nothing_personal(lines())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Key (email)=(maria@example.com) already exists.", "Key (email)=([value]) already exists."),
        ("Failing row contains (1, Maria, 99123456).", "Failing row contains ([row])."),
        ("GET /en/?q=Maria HTTP/1.1", "GET /en/?[query] HTTP/1.1"),
        ("Authorization: Bearer abcdef0123", "Authorization: [secret]"),
        ("call 0035799123456 now", "call [telephone] now"),
        ("(+357 99 123-456)", "([telephone])"),
        ("maria%40example.com", "[e-mail]"),
    ],
)
def test_what_libraries_repeat_is_masked(text, left):
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Task portal.tasks.sweep_outbox[3f0c7a52-0a5c-4d8e-9a52-3f0c7a520a5c] received",
        "could not be begun: [10000001, 10000002, 99123456]",
        "subscription_one_live_per_package_and_vehicle",
        "2026-11-27 18:20:03,120 POST case_new 302",
        "portal/operating/tasks_followed.py, line 12, in hand_request_id_on",
        "document CY-2026-000017 was made and not kept",
    ],
)
def test_what_names_rows_code_and_moments_stays_readable(text):
    assert masked(text) == text


def test_a_line_has_the_ids_of_request_and_account_and_is_one_line(db, lines, client, owner):
    client.force_login(owner)
    sent = "0" * 31 + "a"
    answer = client.get(reverse("garage"), headers={"X-Request-ID": sent})
    logging.getLogger("portal").warning("two\nlines")
    told, two = lines()[-2:]
    assert answer["X-Request-ID"] == told["request_id"] == sent
    assert (told["account_id"], told["route"], told["status"]) == (str(owner.public_id), "garage", 200)
    assert told["time"].endswith("+00:00")
    assert (two["message"], "request_id" in two) == ("two\nlines", False)


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, EMAIL, '"}\n{', "A" * 32])
def test_an_id_that_no_proxy_would_give_is_not_taken_over(db, client, sent):
    given = client.get(reverse("alive"), headers={"X-Request-ID": sent})["X-Request-ID"]
    assert given != sent
    assert len(given) == 32


def test_the_desk_is_told_by_route_too(lines, client, market):
    from tests import make

    chief = make.account("chief@staff.example.com", market=market, is_staff=True, is_superuser=True)
    desk = sign_in_at_the_desk(client, chief)
    desk.get(reverse("admin:accounts_account_changelist"), {"q": EMAIL})
    desk.get(reverse("admin:accounts_account_change", args=[999999]))
    assert {"admin:accounts_account_changelist"} <= {line.get("route") for line in lines()}
    assert_nothing_personal(lines())


def test_a_process_writes_its_log_to_the_standard_error_output_alone(settings):
    """ASVS 16.4.3: a collector takes it to another machine; no file stays for whoever breaks in."""
    assert [each["class"] for each in settings.LOGGING["handlers"].values()] == ["logging.StreamHandler"]
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert not any("handlers" in each for each in settings.LOGGING["loggers"].values())
