"""S10: what was agreed is mailed on ordering as PDF, and can be downloaded for ever."""

import io

import pypdf
import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Contract
from subscriptions.papers.contract import contract_pdf
from tests import make

ENGLISH = (
    "Confirmation of your order",
    "10 June 2026, 12:00",
    "Digital-Key",
    "yearly",
    "€60.00",
    "€9.58 (19%), net €50.42",
    "10 June 2027, 10 June 2028",
    "I order.",
    "until 24 June 2026 without a reason",
    "you get back all that you paid",
)


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def row(car, card, digital_key, gateway) -> Contract:
    return make.subscription(car, package=digital_key, gateway=gateway).contract


@pytest.fixture
def visitor(client, owner):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def test_S10_the_paper_says_what_was_agreed_and_how_to_withdraw(row, car, market, settings):
    text = text_of(contract_pdf(row))
    entity = market.legal_entity
    for said in (*ENGLISH, row.number, car.vehicle.vin, entity.name, entity.vat_number, row.terms_version.version):
        assert said in text
    assert f"{settings.SITE_URL}/en/withdrawal/" in text


def test_S10_a_free_month_stands_on_it_with_its_first_charge(car, card, navigation, gateway):
    contract = make.subscription(car, package=navigation, gateway=gateway).contract
    text = text_of(contract_pdf(contract))
    for said in ("First charge 10 July 2026", "10 July 2027, 10 July 2028", "nothing has been paid by then"):
        assert said in text


def test_X5_whose_right_was_used_is_promised_no_second_one(car, card, digital_key, gateway, owner):
    first = make.subscription(car, package=digital_key, gateway=gateway)
    withdraw(subscription=first, confirmed=None, now=make.NOW, by=owner)
    second = make.subscription(car, package=digital_key, gateway=gateway).contract
    assert second.agreed["withdraw_until"] == ""
    text = text_of(contract_pdf(second))
    assert "with a refund before. You can still cancel." in text
    assert "without a reason" not in text


@pytest.mark.parametrize(("language", "title"), [("en", "Confirmation of your order"), ("el", "VIN")])
def test_S10_it_is_made_again_with_the_same_bytes_in_the_language_of_the_order(
    owner, car, card, digital_key, gateway, language, title
):
    owner.language = language
    owner.save(update_fields=["language"])
    row = make.subscription(car, package=digital_key, gateway=gateway).contract
    made = contract_pdf(row)
    assert made == contract_pdf(Contract.objects.get())
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert (len(reader.pages), reader.trailer["/Root"]["/Lang"]) == (1, language)
    assert title in text_of(made)


def test_S10_what_the_seller_and_the_catalogue_become_later_changes_nothing(row, market, digital_key):
    before = contract_pdf(row)
    entity = market.legal_entity
    entity.name = "Another Company Ltd"
    entity.save(update_fields=["name"])
    digital_key.names = {"en": "Something else", "el": "Κάτι άλλο"}
    digital_key.save(update_fields=["names"])
    digital_key.plans.update(price="1.00")
    assert contract_pdf(Contract.objects.get()) == before


def test_S10_it_is_attached_to_the_mail_that_confirms_the_order(row, deliver, mailoutbox, files):
    deliver()
    [mail] = [mail for mail in mailoutbox if row.number in mail.body]
    [(name, content, media_type)] = mail.attachments
    assert (name, media_type, content) == (f"{row.number}.pdf", "application/pdf", contract_pdf(row))
    assert "attached as PDF" in mail.body
    assert Notice.objects.filter(kind="order_confirmed").count() == 1


def test_S10_it_is_downloaded_from_the_page_of_the_contract(visitor, row):
    page = visitor.get(reverse("contract", args=[row.subscription.public_id]))
    address = reverse("contract_pdf", args=[row.subscription.public_id])
    assert address in page.text
    answer = visitor.get(address)
    assert (answer["Content-Type"], answer.content) == ("application/pdf", contract_pdf(row))
    assert f'filename="{row.number}.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["contract", "contract_pdf"])
def test_what_came_with_the_car_has_no_contract(visitor, car, market, now, owner, name):
    free = make.package("free-years", market=market, complimentary_months={"default": 120})
    row = activate_complimentary(account=owner, vehicle=car.vehicle, package=free, now=now, by=owner)
    assert visitor.get(reverse(name, args=[row.public_id])).status_code == 404


def test_K2_staff_have_the_paper_as_the_customer_has_it(admin_client, row):
    page = admin_client.get(reverse("admin:subscriptions_contract_change", args=[row.pk]))
    address = reverse("admin:subscriptions_contract_pdf", args=[row.pk])
    assert address in page.text
    assert admin_client.get(address).content == contract_pdf(row)
