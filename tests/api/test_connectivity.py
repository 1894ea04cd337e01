"""G7 over the API: what a car is capable of, without a token."""

import json
import logging

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.looked_up_vins import MaskLookedUpVins
from subscriptions.centre import match_limit
from subscriptions.models import Service
from tests import make

VIN = "JTJSAMPLECY900001"


@pytest.fixture
def ask(market):
    def asked(vin: str = VIN, query: str = "", **headers: str):
        with time_machine.travel(make.NOW, tick=False):
            return Client(headers=headers).get(f"/api/v1/connectivity/{vin}/{query}")

    return asked


@pytest.fixture
def catalogue(market):
    remote = make.package("remote", market=market, capabilities=["remote"])
    return make.package("key", market=market, base=remote, capabilities=["digital_key"], powertrains=["electric"])


def test_G7_the_answer_is_the_car_its_capabilities_and_each_package_with_what_is_missing(ask, catalogue):
    make.registry_entry()
    assert ask().json() == {
        "vin": VIN,
        "model": "NX 350h",
        "generation": "MM21",
        "capabilities": [
            {"code": "navigation", "name": "Connected navigation"},
            {"code": "remote", "name": "Remote functions"},
        ],
        "packages": [
            {
                "code": "remote",
                "name": "Remote",
                "suite": "multimedia",
                "is_available": True,
                "missing": [],
                "needs_package": None,
                "services": [{"code": "remote-service", "name": "remote service", "missing": []}],
            },
            {
                "code": "key",
                "name": "Key",
                "suite": "multimedia",
                "is_available": False,
                "missing": [
                    {"code": "powertrain", "detail": "It is made for another kind of drive than this car's."},
                    {"code": "capability", "detail": "This car does not have the equipment that it needs."},
                ],
                "needs_package": "remote",
                "services": [{"code": "key-service", "name": "key service", "missing": []}],
            },
        ],
    }


def test_G7_nothing_of_owner_plate_colour_dates_or_history_is_told(ask, catalogue, owner):
    make.registry_entry(2)
    unowned = ask("JTJSAMPLECY900002")
    car = make.active_car(owner)
    told = ask()
    assert told.content.replace(VIN.encode(), b"") == unowned.content.replace(b"JTJSAMPLECY900002", b"")
    said = told.content.decode() + str(told.headers)
    secrets = ["KAA001", "Red Mica", "#8a1c2b", owner.email, "Eleni", "Georgiou", "2018", "24500", str(car.public_id)]
    assert [secret for secret in secrets if secret in said] == []


def test_C2_a_service_that_does_not_work_on_the_car_says_why(ask, catalogue, market):
    make.registry_entry()
    Service.objects.filter(code="remote-service").update(capabilities=["digital_key"])
    make.package("navigation", market=market, position=9).services.add(Service.objects.get(code="remote-service"))
    services = {each["code"]: each["missing"] for each in ask().json()["packages"][-1]["services"]}
    assert services["navigation-service"] == []
    assert [missing["code"] for missing in services["remote-service"]] == ["capability"]


@pytest.mark.parametrize("typed", ["jtjsamplecy900001", "JTJ-SAMPLE-CY900001", "jtj%20sample%20cy%20900001"])
def test_G2_what_was_typed_is_mended(ask, market, typed):
    make.registry_entry()
    assert ask(typed).json()["vin"] == VIN


@pytest.mark.parametrize(
    ("typed", "status", "code", "said"),
    [
        (VIN[:-1], 400, "vin_malformed", "this has 16"),
        ("JTJSAMPLECY90000O", 400, "vin_malformed", "Character 17 is the letter O."),
        ("I" * 2000, 400, "vin_malformed", "A VIN has 17 characters; this has 2000."),
        ("JTJSAMPLECY900099", 404, "vin_unknown", "We do not know this VIN."),
        ("2T2BK1BA0DC123456", 404, "vin_unknown", "Its check digit, the ninth character, does not fit"),
    ],
)
def test_G2_a_bad_vin_is_a_problem_that_says_what_is_wrong(ask, typed, status, code, said):
    answer = ask(typed)
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert said in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 400


def test_G2_the_vin_of_another_maker_is_a_problem_too(ask, market):
    market.brand.vin_prefixes = ["JTJ"]
    market.brand.save(update_fields=["vin_prefixes"])
    answer = ask("WBA3A5C50CF256551")
    assert (answer.status_code, answer.json()["code"]) == (404, "vin_of_another_maker")


def test_C8_another_market_can_be_asked_about(ask, market):
    make.registry_entry()
    assert ask(query="?market=cy").status_code == 200
    for unknown in ("xx", "%00", "c%00y"):
        assert ask(query=f"?market={unknown}").json()["code"] == "not_found"


def test_G7_the_answer_may_be_kept_by_a_proxy_and_leaves_no_trace(ask, market):
    make.registry_entry()
    answer = ask()
    assert answer["Cache-Control"] == "public, max-age=300"
    assert {name.strip() for name in answer["Vary"].split(",")} == {"Accept-Language", "Cookie"}
    assert not answer.cookies
    assert not Session.objects.exists()
    assert ask(**{"If-None-Match": answer["ETag"]}).status_code == 304
    assert ask(**{"Accept-Language": "el", "If-None-Match": answer["ETag"]})["Content-Language"] == "el"


def test_G7_a_problem_is_kept_by_nobody(ask):
    for answer in (ask("x"), ask("JTJSAMPLECY900099")):
        assert answer["Cache-Control"] == "no-store"
        assert "ETag" not in answer


def test_G7_a_token_or_a_session_changes_nothing(ask, owner):
    make.registry_entry()
    assert ask(Authorization="Bearer made-up").content == ask().content


def test_G7_look_ups_of_an_hour_are_limited_and_counted_together_with_the_pages(ask, client, monkeypatch):
    make.registry_entry()
    monkeypatch.setattr(match_limit, "MOST_FROM_AN_ADDRESS", 3)
    with time_machine.travel(make.NOW, tick=False):
        assert client.get("/en/connectivity/", {"vin": VIN}).status_code == 200
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    refused = ask()
    assert (refused.json()["code"], refused["Retry-After"]) == ("throttled", "3600")
    assert refused["Cache-Control"] == "no-store"
    assert ask("x").status_code == 400


def test_G7_nothing_can_be_written_there(market):
    for method in ("post", "put", "patch", "delete", "options"):
        answer = getattr(Client(), method)(f"/api/v1/connectivity/{VIN}/")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_G7_as_many_queries_for_twenty_packages_as_for_one(ask, market):
    make.registry_entry()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert ask().status_code == 200
        return len(captured)

    make.package("first", market=market)
    one = queries()
    for number in range(10):
        make.package(f"package-{number}", market=market, base=make.package(f"base-{number}", market=market))
    assert queries() == one
    # One of them asks which catalogue is in force, one what staff have corrected of the car.
    assert one <= 8


def test_G7_the_description_offers_it_to_everybody():
    described = json.loads(Client().get("/api/v1/schema/").content)
    call = described["paths"]["/api/v1/connectivity/{vin}/"]["get"]
    assert "security" not in call
    assert [parameter["name"] for parameter in call["parameters"]] == ["If-None-Match", "market", "vin"]


def test_G7_the_log_names_no_vin_that_was_asked_about(ask, caplog):
    ask("JTJSAMPLECY900099")
    [record] = [record for record in caplog.records if record.name == "django.request"]
    record.msg, record.args = record.getMessage(), None
    MaskLookedUpVins().filter(record)
    assert record.getMessage() == "Not Found: /api/v1/connectivity/[VIN]/"
    filters = settings.LOGGING["handlers"]["console"]["filters"]
    assert filters.index("looked_up_vins") > filters.index("card_numbers")
    assert logging.getLogger("django.request").propagate
