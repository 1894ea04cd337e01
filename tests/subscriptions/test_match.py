"""G7: anybody types a VIN and is told what the car is capable of, and nothing else of it."""

from datetime import date

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from garage import actions
from portal.models import Market
from subscriptions.centre import match_limit
from tests import make
from tests.journeys.conftest import words

VIN = "JTJSAMPLECY900001"
NORTH_AMERICAN = "2T2BK1BA0DC123456"


@pytest.fixture
def ask(client, market):
    """What anybody is answered who asks about a VIN, at noon of the story's day."""

    def asked(vin: str = VIN, *, by: Client = client, name: str = "match", **headers: str):
        with time_machine.travel(make.NOW, tick=False):
            return by.get(reverse(name), {"vin": vin}, headers=headers)

    return asked


@pytest.fixture
def catalogue(market):
    """A package for each reason that there is."""
    make.package("navigation", market=market, capabilities=["navigation"])
    make.package("track", market=market, car_models=["LC 500", "LC 500h"])
    make.package("map-care", market=market, generations=["MM17", "MM19"])
    make.package("ev-coach", market=market, powertrains=["electric"])
    make.package("digital-key", market=market, capabilities=["remote", "digital_key"])
    elsewhere = make.package("wifi", market=market)
    elsewhere.plans.update(is_offered=False)
    return make.package("hotspot", market=market, base=make.package("remote", market=market, capabilities=["remote"]))


def card_of(answer, name: str) -> str:
    """The words of one package's card."""
    cards = answer.content.decode().split("<article")[1:]
    [card] = [each for each in cards if f"<h3>{name}</h3>" in each]
    return " ".join(card.split("</article>")[0].split())


def test_G7_a_visitor_sees_model_generation_and_capabilities(ask, catalogue):
    make.registry_entry()
    page = words(ask())
    for said in (VIN, "NX 350h", "MM21", "Connected navigation", "Remote functions"):
        assert said in page


def test_G7_C2_each_package_says_whether_the_car_can_have_it_and_what_stands_against_it(ask, catalogue):
    make.registry_entry()
    answer = ask()
    for name, said in {
        "Navigation": "This car can have it",
        "Track": "It is not made for this model.",
        "Map-Care": "The multimedia system of this car does not support it.",
        "Ev-Coach": "It is made for another kind of drive than this car&#x27;s.",
        "Digital-Key": "This car does not have the equipment that it needs.",
        "Wifi": "This package is not sold in your country.",
    }.items():
        assert said in card_of(answer, name).replace("car's", "car&#x27;s")
        assert ("Not for this car" in card_of(answer, name)) == (name != "Navigation")


def test_C2_each_package_says_what_it_needs(ask, catalogue):
    make.registry_entry()
    answer = ask()
    assert "LC 500, LC 500h" in card_of(answer, "Track")
    assert "MM17, MM19" in card_of(answer, "Map-Care")
    assert "Battery electric" in card_of(answer, "Ev-Coach")
    assert "Digital key, Remote functions" in card_of(answer, "Digital-Key")
    assert "Remote" in card_of(answer, "Hotspot")


@pytest.mark.parametrize(
    "typed", [" jtjsamplecy900001 ", "JTJ-SAMPLE-CY900001", "jtj sample cy 900001", "JTJ–SAMPLECY900001"]
)
def test_G2_small_letters_blanks_and_dashes_are_mended(ask, navigation, typed):
    make.registry_entry()
    assert "NX 350h" in words(ask(typed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type the VIN of the car."),
        (VIN[:-1], "A VIN has 17 characters; this has 16."),
        (VIN + "99", "A VIN has 17 characters; this has 19."),
        ("JTJSAMPLECY90000O", "Character 17 is the letter O. A VIN has no I, O or Q: use 0 instead."),
        ("JTJSAMPLECY90000Ω", "Character 17 is “Ω”. A VIN has only Latin letters and digits."),
        ("<b>JTJ", "Characters 1, 3 are “<>”."),
        ("ΙΤΗSAMPLECY9OO001", "Characters 1, 2, 3 are “ΙΤΗ”. A VIN has only Latin letters and digits."),
        ("JTJSAMPLECY9OO001", "Characters 13, 14 are the letter O. A VIN has no I, O or Q: use 0 instead."),
        ("J" * 61, "at most 60 characters"),
        ("JTJSAMPLECY900099", "We do not know this VIN."),
        (NORTH_AMERICAN, "Its check digit, the ninth character, does not fit"),
    ],
)
def test_G2_a_bad_vin_says_what_is_wrong_and_is_kept(ask, typed, said):
    answer = ask(typed)
    assert answer.status_code == 200
    assert escape(said) in answer.content.decode()
    assert f'value="{escape(typed)}"' in answer.content.decode() or not typed


def test_G2_a_check_digit_that_is_off_refuses_nothing(ask):
    make.registry_entry(vin=NORTH_AMERICAN)
    assert "NX 350h" in words(ask(NORTH_AMERICAN))


def test_G2_the_vin_of_another_maker_is_said_to_be_one(ask, market):
    market.brand.vin_prefixes = ["JTJ"]
    market.brand.save(update_fields=["vin_prefixes"])
    assert "This is the VIN of a car made by BMW. This site knows only cars of Sample." in words(
        ask("WBA3A5C50CF256551")
    )


def test_G7_nothing_of_owner_plate_colour_dates_or_history_is_shown(ask, catalogue, owner, stranger, gateway):
    entry = make.registry_entry()
    before = ask()
    car = actions.add_vehicle(account=owner, vin=entry.vin, now=make.NOW, by=owner)
    car = actions.prove_access(membership=car, odometer_km=make.ODOMETER_KM, now=make.NOW, by=owner)
    actions.rename_vehicle(membership=car, nickname="The old lady", now=make.NOW, by=owner)
    make.linked(stranger, car.vehicle)
    after = ask()
    assert after.content == before.content
    told = after.content.decode() + str(after.headers)
    secrets = [entry.plate, entry.colour, entry.colour_hex, "The old lady", owner.email, "Eleni", "Georgiou", "2018"]
    secrets += ["24,500", "24500", str(car.public_id), str(car.vehicle.public_id)]
    assert [secret for secret in secrets if secret in told] == []


def test_G7_when_a_car_was_bought_is_not_told_by_what_it_can_have(ask, market):
    make.package("offer", market=market, bought_from=date(2024, 1, 1))
    vins = [make.registry_entry(number, purchased_on=date(year, 5, 1)).vin for number, year in ((1, 2023), (2, 2025))]
    early, late = (ask(vin).content.decode().replace(vin, "") for vin in vins)
    assert early == late
    assert "Car bought from" in early


def test_G7_signed_in_the_answer_about_a_strangers_car_is_the_same(ask, catalogue, car, owner, stranger):
    visitor, signed_in = Client(), Client()
    signed_in.force_login(stranger)
    main = [ask(by=each).content.decode().split("<main")[1].split("</main>")[0] for each in (visitor, signed_in)]
    assert main[0] == main[1]
    assert owner.email not in ask(by=signed_in).content.decode()


def test_G7_a_visitors_answer_may_be_kept_by_a_proxy_and_leaves_no_trace(ask, navigation):
    make.registry_entry()
    answer = ask()
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Vary"] == "Cookie"
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies
    assert not Session.objects.exists()


def test_G7_what_has_not_changed_is_not_sent_again(ask, navigation):
    make.registry_entry()
    tag = ask()["ETag"]
    assert ask(**{"If-None-Match": tag}).status_code == 304
    navigation.names = {"en": "New name"}
    navigation.save(update_fields=["names"])
    assert ask(**{"If-None-Match": tag}).status_code == 200


def test_G7_nobody_keeps_an_answer_of_somebody_signed_in_a_refusal_or_one_with_a_cookie(ask, navigation, owner):
    make.registry_entry()
    signed_in, with_cookie = Client(), Client()
    signed_in.force_login(owner)
    with_cookie.cookies["csrftoken"] = "x" * 32
    for answer in (ask(by=signed_in), ask(by=with_cookie), ask("JTJSAMPLECY900099"), ask("x")):
        assert "no-store" in answer["Cache-Control"]
        assert "ETag" not in answer


def test_G7_a_search_engine_keeps_the_page_and_no_vin(ask, client, navigation):
    assert "noindex" in ask().content.decode()
    assert "noindex" not in client.get(reverse("match")).content.decode()


def test_G7_look_ups_of_an_hour_are_limited_for_a_network_address(ask, monkeypatch, navigation):
    make.registry_entry()
    monkeypatch.setattr(match_limit, "MOST_FROM_AN_ADDRESS", 3)
    assert [ask(by=Client()).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask()
    assert "Many cars were looked up from here within an hour. Please try again in 60 minutes." in words(refused)
    assert VIN in refused.content.decode()
    assert "NX 350h" not in refused.content.decode()
    assert refused["Retry-After"] == "3600"
    assert "no-store" in refused["Cache-Control"]


def test_G7_look_ups_of_an_hour_are_limited_for_an_account_wherever_it_is(ask, monkeypatch, navigation, owner):
    make.registry_entry()
    monkeypatch.setattr(match_limit, "MOST_OF_AN_ACCOUNT", 2)
    browser = Client()
    browser.force_login(owner)
    answers = []
    for last in range(3):
        browser.defaults["REMOTE_ADDR"] = f"198.51.100.{last}"
        answers.append(ask(by=browser).status_code)
    assert answers == [200, 200, 429]


def test_G7_unknown_cars_count_and_malformed_vins_do_not(ask, monkeypatch):
    monkeypatch.setattr(match_limit, "MOST_FROM_AN_ADDRESS", 2)
    assert [ask("x").status_code for _ in range(5)] == [200] * 5
    assert [ask(f"JTJSAMPLECY90009{last}").status_code for last in range(3)] == [200, 200, 429]


def test_G7_without_the_cache_nothing_is_looked_up(ask, settings, navigation):
    make.registry_entry()
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    client = Client(raise_request_exception=False)
    answer = ask(by=client)
    assert answer.status_code == 503
    assert "NX 350h" not in answer.content.decode()


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
    for number in range(20):
        make.package(f"package-{number}", market=market, base=make.package(f"base-{number}", market=market))
    assert queries() == one
    assert one <= 10


def test_C8_another_market_has_its_own_offer(ask, client, market, navigation):
    make.registry_entry()
    facts = {name: getattr(market, name) for name in ("brand", "legal_entity", "currency", "vat_rate", "time_zone")}
    facts |= {name: getattr(market, name) for name in ("languages", "card_brands", "card_funding", "card_processor")}
    Market.objects.create(code="GR", names={"en": "Greece"}, **facts)
    there = client.get("/en/connectivity/gr/", {"vin": VIN})
    assert "This package is not sold in your country." in words(there)
    assert 'href="/en/connectivity/cy/"' in there.content.decode()
    assert client.get("/en/connectivity/xx/").status_code == 404


def test_G7_ways_lead_there_from_home_from_adding_a_car_and_from_one_that_is_not_proved(client, owner, car, stranger):
    address = reverse("match")
    home = client.get(reverse("home")).content.decode()
    assert f'action="{address}"' in home
    assert f'<li><a href="{address}">Check a VIN</a></li>' in home
    by_vin, by_plate = make.linked(stranger, car.vehicle), make.registry_entry(2)
    by_plate = actions.add_vehicle_by_plate(account=stranger, plate=by_plate.plate, now=make.NOW, by=stranger)
    client.force_login(stranger)
    assert f'href="{address}"' in client.get(reverse("add_vehicle")).content.decode()
    assert f'href="{address}?vin={VIN}"' in client.get(reverse("vehicle", args=[by_vin.public_id])).content.decode()
    page = client.get(reverse("vehicle", args=[by_plate.public_id])).content.decode()
    assert f'<a href="{address}">Which services this car can have' in page
    assert by_plate.vehicle.vin not in page
