"""The pages of selling a car and of taking it over (L1)."""

import io
import json
import re

import pypdf
import pytest
import time_machine
import typst
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from accounts.models import SignIn
from garage.models import Membership, Sale
from subscriptions.actions.control import request_control
from subscriptions.actions.leave import remove_vehicle
from subscriptions.invoicing.render import TEMPLATES
from subscriptions.papers.certificate import certificate_pdf, check_url, sheet_of
from tests import make, oidc
from tests.selling import again, begun, code_of, left, sold

NOW = make.NOW
CODE = re.compile(r"[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}")


@pytest.fixture
def paid(car, card, digital_key, gateway):
    """60.00 paid on 10 June for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def buyer(market):
    return make.account("buyer@example.com", market=market, first_name="Andri", last_name="Buyerou")


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller(client, owner, at_noon):
    client.force_login(owner)
    return client


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def page(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def to_do(response) -> list[str]:
    return [step.title for step in response.context["steps"] if not step.is_done]


# The seller's


def test_L1_from_the_car_to_the_certificate(seller, car, paid, deliver):
    start = page("sale_start", car.public_id)
    assert start in seller.get(page("vehicle", car.public_id)).text
    assert "€60.00" in seller.get(start).text
    address = seller.post(start).url
    sale = Sale.objects.get()
    shown = seller.get(address)
    assert to_do(shown) == [
        "What runs on it ends",
        "The car leaves your garage",
        "The car’s screen is cleared",
        "Certificate",
    ]
    assert "1 service runs. If the car leaves today, €60.00 in all is paid back." in shown.text
    removal = seller.get(page("sale_removal", sale.public_id))
    assert removal.text.count("€60.00") == 2
    assert seller.post(page("sale_removal", sale.public_id), {"shown": removal.context["seal"]}).url == address
    left_page = seller.get(address)
    assert "On its way" in left_page.text
    deliver()
    assert "Sent" in seller.get(address).text
    seller.post(page("sale_connections", sale.public_id))
    assert "Finish, and get the certificate" in seller.get(address).text
    seller.post(address)
    assert page("sale_certificate", sale.public_id) in seller.get(address).text


def test_X10_a_forged_confirmation_removes_nothing(seller, car, paid):
    sale = begun(car)
    answer = seller.post(page("sale_removal", sale.public_id), {"shown": "forged"})
    assert "Something has changed" in answer.text
    assert not again(sale).has_left


def test_X7_the_paid_month_can_be_used_up_first(seller, car, card, digital_key, gateway):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    with time_machine.travel(NOW + make.days(20), tick=False):
        seller.force_login(car.account)
        shown = seller.get(page("sale_removal", begun(car).public_id))
    assert page("cancellation", monthly.public_id) in shown.text


def test_V4_a_request_for_control_is_named_with_the_way_to_answer_it(seller, car, paid, buyer):
    asked = request_control(membership=make.verified(buyer, car.vehicle), now=NOW, by=buyer)
    address = page("sale_removal", begun(car).public_id)
    shown = seller.get(address)
    assert page("control_answer", asked.public_id) in shown.text
    refused = seller.post(address, {"shown": shown.context["seal"]}, follow=True)
    assert "asks for control of the car. Please answer that first" in refused.text


def test_the_removal_page_leads_to_the_sale_while_there_is_one(seller, car):
    sale = begun(car)
    assert seller.get(page("vehicle_removal", car.public_id)).url == page("sale_removal", sale.public_id)
    assert seller.get(page("sale_start", car.public_id)).url == page("sale", sale.public_id)


def test_who_has_no_control_is_led_to_what_it_may_do(at_noon, car, buyer):
    beside = make.verified(buyer, car.vehicle)
    assert browser_of(buyer).get(page("sale_start", beside.public_id)).url == page("control", beside.public_id)


def test_keeping_the_car_after_all(seller, car):
    sale = begun(car)
    assert seller.post(page("sale_end", sale.public_id)).url == page("vehicle", car.public_id)
    assert seller.get(page("sale", sale.public_id)).status_code == 404
    gone = left(car)
    assert seller.post(page("sale_end", gone.public_id)).url == page("sale", gone.public_id)


def test_each_page_waits_for_its_turn(seller, car):
    sale = begun(car)
    for name in ("sale_connections", "sale_note", "sale_certificate"):
        assert seller.get(page(name, sale.public_id)).url == page("sale", sale.public_id)
    assert "Something is still connected" in seller.post(page("sale", sale.public_id), follow=True).text
    done = sold(car)
    for name in ("sale_connections", "sale_removal"):
        assert seller.get(page(name, done.public_id)).url == page("sale", done.public_id)


def test_L1_a_head_unit_is_signed_out_on_the_way(seller, car, owner):
    oidc.clients()
    oidc.sign_in_car(owner, device_name="My NX")
    sale = left(car)
    address = page("sale_connections", sale.public_id)
    assert "My NX" in seller.get(address).text
    ended = seller.post(page("sign_in_end", SignIn.objects.get().public_id), {"next": address})
    assert ended.url == address
    assert "“My NX”" not in seller.get(address).text


def test_the_list_of_sales_and_the_way_to_it(seller, car, owner):
    assert page("sales") in seller.get(page("garage")).text
    assert page("sale_start", car.public_id) in seller.get(page("sales")).text
    sale = begun(car)
    assert page("sale_start", car.public_id) not in seller.get(page("sales")).text
    assert sold(car) == sale
    listed = seller.get(page("sales")).text
    assert page("sale", sale.public_id) in listed
    assert "KAA001" in listed


def test_who_has_no_car_sells_none(at_noon, stranger):
    browser = browser_of(stranger)
    assert "You sell no car here" in browser.get(page("sales")).text
    assert page("sales") not in browser.get(page("garage")).text


# The note


def test_L1_the_note_shows_a_code_once_and_it_is_good(seller, car, buyer):
    address = page("sale_note", left(car).public_id)
    assert not CODE.search(seller.get(address).text)
    made = seller.post(address)
    [code] = CODE.findall(made.text)
    assert made["Cache-Control"] == "private, no-store"
    assert not CODE.search(seller.get(address).text)
    assert "You made the last transfer code on 10 June 2026" in seller.get(address).text
    form = {"transfer_code": code, "reading": "24 500", "pairing_code": ""}
    browser_of(buyer).post(page("take_over"), form)
    assert Membership.objects.current().get(account=buyer).is_active
    # D4: of the buyer not a word, and the note stays as it was.
    assert "good once, until 10 July 2026" in seller.get(address).text


def test_codes_are_not_made_without_end(seller, car):
    address = page("sale_note", left(car).public_id)
    assert [seller.post(address).status_code for _time in range(11)] == [*[200] * 10, 429]


# The certificate


def test_L1_the_certificate_names_nobody_and_says_where_it_is_checked(seller, car, owner, settings):
    sale = sold(car)
    answer = seller.get(page("sale_certificate", sale.public_id))
    assert answer["Content-Type"] == "application/pdf"
    assert sale.check_number in answer["Content-Disposition"]
    [sheet] = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = sheet.extract_text()
    for said in (sale.check_number, car.vehicle.vin, "NX 350h", "10 June 2026", settings.SITE_URL):
        assert said in text
    for name in (owner.first_name, owner.last_name, owner.email, car.vehicle.plate):
        assert name not in text


@pytest.mark.parametrize(("language", "words"), [("en", "Is it genuine?"), ("el", "")])
def test_the_same_sale_gives_the_same_bytes_in_both_languages(car, language, words):
    sale = sold(car)
    made = certificate_pdf(sale, language=language)
    assert made == certificate_pdf(again(sale), language=language)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert (len(reader.pages), reader.trailer["/Root"]["/Lang"]) == (1, language)
    assert words in reader.pages[0].extract_text()


def test_L1_a_telephone_reads_the_address_from_the_sheet(car):
    sale = sold(car)
    data = {"page": json.dumps(sheet_of(sale, language="en"))}
    drawn = typst.compile(TEMPLATES / "certificate.typ", root=TEMPLATES, format="png", ppi=150, sys_inputs=data)
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))
    assert code.text == check_url(sale, language="en")


def test_L1_anybody_checks_it_without_a_cookie_and_learns_no_name(car, owner, at_noon):
    sale = sold(car)
    answer = Client().get(page("certificate", sale.check_number.lower()))
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    for said in ("genuine", sale.check_number, "…900001", "10 June 2026"):
        assert said in answer.text
    for name in (owner.first_name, owner.last_name, owner.email, car.vehicle.plate, car.vehicle.vin):
        assert name not in answer.text


@pytest.mark.parametrize("number", ["4444-4444-4444", "nonsense", "4", "%00"])
def test_a_number_that_there_is_not_is_said_to_be_none(db, market, number, at_noon):
    with translation.override("en"):
        answer = Client().get(f"/en/certificate/{number}/")
    assert (answer.status_code, "There is no such certificate" in answer.text) == (404, True)


def test_checks_are_limited_for_an_address(car, at_noon):
    address = page("certificate", sold(car).check_number)
    assert [Client().get(address).status_code for _time in range(61)] == [*[200] * 60, 429]


# The buyer's


def test_L1_what_was_typed_wrong_is_said_beside_it_and_kept(at_noon, car, buyer):
    code, browser = code_of(left(car)), browser_of(buyer)
    address = page("take_over")
    for form, said in (
        ({"transfer_code": "4444-4444-4444", "reading": "24500"}, "This transfer code is not valid"),
        ({"transfer_code": code}, "Please type the odometer reading, or the code"),
        ({"transfer_code": code, "reading": "24500", "pairing_code": "4F7K9XRT"}, "not both"),
        ({"transfer_code": code, "reading": "many"}, "whole kilometres"),
        ({"transfer_code": code, "reading": "1"}, "You have 2 more tries"),
        ({"transfer_code": code, "pairing_code": "4F7K9XRT"}, "This code is not valid, or not any more"),
    ):
        answer = browser.post(address, form)
        assert said in answer.text
        assert form["transfer_code"] in answer.text


def test_too_many_wrong_codes_are_a_429(at_noon, buyer):
    form, browser = {"transfer_code": "4444-4444-4444", "reading": "24500"}, browser_of(buyer)
    assert [browser.post(page("take_over"), form).status_code for _try in range(11)] == [*[200] * 10, 429]


def test_V4_a_buyer_whose_car_another_account_controls_by_now_reads_what_becomes_of_it(
    at_noon, car, buyer, stranger, digital_key, gateway
):
    code = code_of(left(car))
    make.card(stranger, gateway=gateway)
    make.subscription(make.verified(stranger, car.vehicle), package=digital_key, gateway=gateway)
    answer = browser_of(buyer).post(page("take_over"), {"transfer_code": code, "reading": "24500"}, follow=True)
    assert "Another account has control of this car, and was asked for it" in answer.text
    assert "You have asked for control" in answer.text


@pytest.mark.parametrize("way", ["prove_access", "take_over"])
def test_L1_whoever_has_control_by_a_proof_sees_how_many_still_reach_the_car(at_noon, car, buyer, stranger, way):
    """One account is left from before, since the car left by the ordinary page; another only typed the VIN."""
    beside = make.verified(stranger, car.vehicle)
    make.linked(make.account("curious@example.com", market=buyer.market), car.vehicle)
    Membership.objects.filter(pk=beside.pk).update(verified_at=NOW - make.days(1))
    sale = begun(car)
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    browser = browser_of(buyer)
    if way == "take_over":
        answer = browser.post(page(way), {"transfer_code": code_of(again(sale)), "reading": "24500"})
    else:
        answer = browser.post(page(way, make.linked(buyer, car.vehicle).public_id), {"reading": "24500"})
    link = Membership.objects.current().get(account=buyer)
    assert answer.url == page("reach", link.public_id)
    shown = browser.get(answer.url)
    assert "1 other account still reaches this car" in shown.text
    assert shown.text.count("Cut it off<") == 2
    browser.post(page("reach_end", link.public_id, beside.public_id))
    assert "other account reaches this car" not in browser.get(answer.url).text
