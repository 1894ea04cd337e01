"""The vehicle report (G8): what each account reads in it (G11), and whose driving (D4)."""

import io
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.urls import reverse

from garage.access import membership_or_404
from subscriptions.papers.vehicle_report import report_pdf
from tests import make
from tests.garage.driving import agree, drive, driving_package

NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def served(car, market):
    """With a plan, a dealer's record, an open recall, and two trips a month apart."""
    make.maintenance_plan(market)
    make.recall(market)
    make.dealers_record(car.vehicle, make.dealer(market), works=["New wipers"])
    driving_package(market)
    return car


@pytest.fixture
def driven(market):
    driving_package(market)
    begun = NOW - 90 * DAY
    driver = make.account("driver@example.com", market=market, now=begun)
    car = make.active_car(driver, now=begun)
    agree(driver, now=begun)
    drive(car, NOW - 40 * DAY)
    drive(car, NOW - DAY, distance_m=12_000)
    return car


def read(client, membership, **query):
    client.force_login(membership.account)
    response = client.get(reverse("vehicle_report_pdf", args=[membership.public_id]), {"language": "en", **query})
    assert response.status_code == 200, response["Location"]
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_G8_the_report_has_specification_service_and_services_with_price_for_the_active_account(
    client, served, card, digital_key, gateway
):
    make.subscription(served, package=digital_key, gateway=gateway)
    text = read(client, served)
    for said in (
        *("Vehicle report", "NX 350h KAA001", served.vehicle.vin, "As of 10 June 2026", "Full hybrid"),
        *("Open recall: Bracket of the cable", "20,000 km", "Service New wipers", "Sample Motors Nicosia"),
        *("Brake fluid", "Digital-Key", "Next charge on 10 June 2027.", "€60.00, yearly", "Page 1 of"),
    ):
        assert said in text
    assert "Eleni" not in text
    assert served.account.email not in text


def test_G11_others_read_no_price_no_payer_and_no_exact_kilometre(client, served, card, digital_key, gateway, stranger):
    make.dealers_record(served.vehicle, make.dealer(served.account.market, "b"), odometer_km=24_321)
    make.subscription(served, package=digital_key, gateway=gateway)
    text = read(client, make.verified(stranger, served.vehicle), driving="on")
    assert "about 24,000 km" in text
    assert "Digital-Key" in text
    for kept_back in ("60.00", "yearly", "Next charge", "Price", "24,321", "Hybrid Coaching"):
        assert kept_back not in text


def test_C4_what_is_free_later_is_in_it_with_both_days(client, served, market):
    make.package("remote", market=market, complimentary_months={"default": 36})
    served.vehicle.warranty_start = date(2026, 6, 20)
    served.vehicle.save(update_fields=["warranty_start"])
    assert "Included later Included from 20 June 2026 until 20 June 2029." in read(client, served)


def test_G11_who_only_typed_the_vin_gets_none(client, served, stranger):
    link = make.linked(stranger, served.vehicle)
    client.force_login(stranger)
    for name in ("vehicle_report", "vehicle_report_pdf"):
        response = client.get(reverse(name, args=[link.public_id]), {"language": "en"})
        assert response["Location"] == reverse("control", args=[link.public_id])


def test_D4_driving_is_that_of_the_period_and_of_ones_own_time(client, driven):
    text = read(client, driven, driving="on")
    assert "Hybrid Coaching From 12 March 2026 to 10 June 2026, in the time in which you had control" in text
    assert "Trips 2 Distance 18.0 km" in text
    assert "May 2026 80 6.0 km 10 min 1" in text
    assert "indicative" in text
    only_june = read(client, driven, driving="on", first="2026-06-01", last="2026-06-10")
    assert "Trips 1 Distance 12.0 km" in only_june
    before = read(client, driven, driving="on", first="2025-01-01", last="2025-02-01")
    assert "Of this time there is no driving of yours." in before
    assert "Hybrid Coaching" not in read(client, driven)


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_report_is_tagged_in_its_language_and_always_the_same(served, language):
    membership = membership_or_404(served.account, served.public_id)
    made = report_pdf(membership, driving=None, period=None, language=language, now=NOW)
    assert made == report_pdf(membership, driving=None, period=None, language=language, now=NOW)
    root = pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"][:2]) == (True, language)
    assert "/StructTreeRoot" in root


def test_the_page_says_what_is_asked_for_and_leads_to_the_file(client, driven):
    client.force_login(driven.account)
    url = reverse("vehicle_report", args=[driven.public_id])
    assert "Make the report" in client.get(url).content.decode()
    page = client.get(url, {"language": "el", "driving": "on", "first": "2026-05-01"}).content.decode()
    assert "report.pdf?language=el&amp;first=2026-05-01&amp;last=2026-06-10&amp;driving=on" in page
    assert "before the first" in client.get(url, {"language": "en", "first": date(2026, 6, 20)}).content.decode()
    wrong = client.get(reverse("vehicle_report_pdf", args=[driven.public_id]), {"language": "xx"})
    assert wrong["Location"] == url


def test_G8_reports_of_an_hour_are_limited(client, served, monkeypatch):
    monkeypatch.setattr("subscriptions.views.vehicle_report.MOST_AN_HOUR", 2)
    client.force_login(served.account)
    address = reverse("vehicle_report_pdf", args=[served.public_id])
    kinds = [client.get(address, {"language": "en"}).status_code for _ in range(3)]
    assert kinds == [200, 200, 302]
    assert "That were many reports" in client.get(reverse("vehicle_report", args=[served.public_id])).content.decode()
