"""What stands on a document: VAT with its evidence (I3), companies (I5), and many issued at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.actions.billing import save_billing_profile
from accounts.models import BillingProfile
from garage.actions import refer_to_vehicle
from portal.models import VatRate
from subscriptions.actions.begin import start_payment
from subscriptions.actions.cancel import cancel
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.locking import lock_all
from subscriptions.actions.refund import send_refund
from subscriptions.gateway.port import CardAdded
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.invoicing.build import issue_invoices
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Contract, Document, Payment, Refund, Subscription, WorkItem
from tests import make
from tests.einvoices import broken_rules, value
from tests.refusing import refusal_code

ADDRESS = {"name": "Fleet Ltd", "address_line_1": "1 Street", "postcode": "10431", "town": "Athens"}


class TellsCountries(InProcessGateway):
    """A provider that knows where a card was given out, as the sandbox does not."""

    def card_setup(self, *, setup_ref):
        outcome = super().card_setup(setup_ref=setup_ref)
        if isinstance(outcome, CardAdded):
            return CardAdded(card=replace(outcome.card, country="GR"))
        return outcome


def move_to(country: str, account, *, now=make.NOW, **more: str) -> BillingProfile:
    return save_billing_profile(account=account, now=now, by=account, **ADDRESS | {"country": country} | more)


def rate(country: str, percentage: str, *, since: str = "2020-01-01", **more: str) -> None:
    VatRate.objects.create(country=country, rate=Decimal(percentage), valid_from=date.fromisoformat(since), **more)


def invoice_and_credit_note(car, package, gateway) -> tuple[Document, Document]:
    later = make.NOW + make.days(100)
    yearly = make.subscription(car, package=package, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=later, by=car.account)
    send_refund(refund_id=Refund.objects.get().pk, now=later, gateway=gateway)
    invoice, note = Document.objects.order_by("pk")
    return invoice, note


# VAT


def test_I3_country_and_evidence_stand_on_contract_invoice_and_credit_note(car, card, digital_key, gateway):
    evidence = [{"kind": "billing_address", "country": "CY"}, {"kind": "market", "country": "CY"}]
    for document in invoice_and_credit_note(car, digital_key, gateway):
        assert (document.vat_country, document.vat_evidence, document.vat_review) == ("CY", evidence, "")
    agreed = Contract.objects.get().agreed
    assert (agreed["vat_country"], agreed["vat_evidence"]) == ("CY", evidence)
    assert not WorkItem.objects.exists()


def test_I3_a_customer_abroad_pays_the_vat_of_their_country(car, digital_key, gateway):
    move_to("GR", car.account)
    rate("GR", "24")
    make.card(car.account, gateway=TellsCountries(gateway.provider))
    for document in invoice_and_credit_note(car, digital_key, gateway):
        assert (document.vat_country, document.vat_rate) == ("GR", Decimal("24.00"))
        assert {"kind": "card", "country": "GR"} in document.vat_evidence
        assert broken_rules(xml_of_document(document)) == []
    assert Document.objects.first().net == Decimal("48.39")


def test_I3_evidence_that_contradicts_is_decided_and_handed_to_finance(car, card, digital_key, gateway):
    move_to("GR", car.account)
    rate("GR", "24")
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    invoice = Document.objects.get()
    assert (invoice.vat_country, invoice.vat_rate, invoice.vat_review) == ("CY", Decimal("19.00"), "contradiction")
    item = WorkItem.objects.get()
    assert (item.kind, item.subject) == ("vat_in_doubt", str(subscription.public_id))
    assert item.text == "contradiction: billing_address GR, market CY; charged 19.00 %"


def test_S10_a_running_contract_keeps_its_rate_when_the_rate_changes(car, card, digital_key, gateway):
    rate("CY", "19")
    rate("CY", "20", since="2026-06-11")
    before, after = make.NOW, make.NOW + make.days(1)
    first = make.subscription(car, package=digital_key, gateway=gateway, now=before)
    other = make.package("radio", market=car.account.market)
    second = make.subscription(car, package=other, gateway=gateway, now=after)
    assert (first.vat_rate, second.vat_rate) == (Decimal("19.00"), Decimal("20.00"))
    payment = start_next(first, card)
    (renewal,) = issue_invoices([payment], now=make.NOW + make.days(365))
    assert renewal.vat_rate == Decimal("19.00")


def start_next(subscription, card) -> Payment:
    with transaction.atomic():
        return start_payment(subscription, card=card, attempt=1, now=make.NOW)


@pytest.mark.parametrize(("category", "reason"), [("Z", ""), ("E", "Exempt by article 1.")])
def test_I3_a_zero_rate_is_data(car, card, digital_key, gateway, files, category, reason):
    rate("CY", "0", category=category, reason=reason)
    for document in invoice_and_credit_note(car, digital_key, gateway):
        assert (document.vat, document.net) == (Decimal("0.00"), document.gross)
        assert broken_rules(xml_of_document(document)) == []
        assert pdf_of(document)


def test_I3_the_summary_shows_the_rate_that_the_contract_will_carry(client, car, digital_key, gateway):
    move_to("GR", car.account)
    rate("GR", "24")
    make.card(car.account, gateway=TellsCountries(gateway.provider))
    client.force_login(car.account)
    url = reverse("checkout_summary", args=[car.public_id, digital_key.code])
    page = client.get(url, {"term": "yearly"}).content.decode()
    assert "24%" in page
    assert "€48.39" in page


def test_I3_the_public_page_reckons_with_the_rate_in_force(client, market):
    rate("CY", "20")
    rate("CY", "25", since="2100-01-01")
    assert "VAT of 20%" in client.get(reverse("how_we_calculate")).content.decode()


# Companies


def test_I5_name_number_and_reference_stand_on_the_next_document_on(car, card, digital_key, gateway, market):
    make.subscription(car, package=digital_key, gateway=gateway)
    move_to("CY", car.account, vat_number="cy 10123456a")
    refer_to_vehicle(membership=car, reference="  Car   7 ", now=make.NOW, by=car.account)
    make.subscription(car, package=make.package("radio", market=market), gateway=gateway)
    before, after = Document.objects.order_by("pk")
    assert (before.buyer["name"], before.buyer["vat_number"], before.buyer["reference"]) == ("Eleni Georgiou", "", "")
    assert (after.buyer["name"], after.buyer["vat_number"]) == ("Fleet Ltd", "CY10123456A")
    xml = xml_of_document(after)
    assert broken_rules(xml) == []
    assert value(xml, "//ram:BuyerReference") == "Car 7"
    assert after.vat_review == ""


def test_I5_a_reference_that_was_cleared_does_not_come_back_from_an_earlier_link(
    car, card, digital_key, gateway, owner
):
    refer_to_vehicle(membership=car, reference="Sold fleet", now=make.NOW, by=owner)
    remove_vehicle(membership=car, confirmed=None, now=make.NOW, by=owner)
    again = make.verified(owner, car.vehicle, now=make.NOW + make.days(1))
    paid = make.subscription(again, package=digital_key, gateway=gateway, now=make.NOW + make.days(1))
    assert Document.objects.get().buyer["reference"] == ""
    assert Subscription.objects.get(pk=paid.pk).car_reference == ""


def test_I5_a_credit_note_has_the_reference_of_its_invoice(car, card, digital_key, gateway):
    refer_to_vehicle(membership=car, reference="Car 7", now=make.NOW, by=car.account)
    invoice, note = invoice_and_credit_note(car, digital_key, gateway)
    assert invoice.buyer == note.buyer
    assert note.buyer["reference"] == "Car 7"


def test_I5_a_business_from_another_country_is_marked(car, card, digital_key, gateway):
    move_to("CY", car.account, vat_number="EL123456789")
    make.subscription(car, package=digital_key, gateway=gateway)
    assert Document.objects.get().vat_review == "business_abroad"


def test_I5_a_number_that_no_country_writes_is_refused(owner):
    arguments = ADDRESS | {"country": "CY", "vat_number": "CY1"}
    assert refusal_code(save_billing_profile, account=owner, now=make.NOW, by=owner, **arguments) == "vat_number"
    assert BillingProfile.objects.get().name == "Eleni Georgiou"


def test_I5_the_form_says_what_is_wrong_and_keeps_what_was_typed(client, owner):
    client.force_login(owner)
    typed = ADDRESS | {"country": "CY", "vat_number": "CY1", "address_line_2": ""}
    page = client.post(reverse("billing_profile"), typed).content.decode()
    assert "how VAT numbers of the European Union are written" in page
    assert 'value="CY1"' in page
    client.post(reverse("billing_profile"), typed | {"vat_number": "CY 10123456-A"})
    assert BillingProfile.objects.get().vat_number == "CY10123456A"


def test_I5_the_reference_is_typed_on_the_cars_page(client, car):
    client.force_login(car.account)
    url = reverse("invoice_reference", args=[car.public_id])
    assert client.post(url, {"reference": "Cost centre 7"}).status_code == 302
    car.refresh_from_db()
    assert car.invoice_reference == "Cost centre 7"
    assert "Cost centre 7" in client.get(url).content.decode()
    assert "4242" not in client.post(url, {"reference": "4242 4242 4242 4242"}).content.decode()
    code = refusal_code(refer_to_vehicle, membership=car, reference="x" * 41, now=make.NOW, by=car.account)
    assert code == "reference_too_long"


# Many at once


def test_I2_many_are_issued_with_the_statements_of_one_and_in_their_order(
    car, card, market, gateway, django_assert_num_queries
):
    for number in range(5):
        package = make.package(f"package-{number}", market=market, gives_trial=True)
        start_next(make.subscription(car, package=package, gateway=gateway), card)
    payments = lock_all(list(Payment.objects.order_by("-pk").values_list("pk", flat=True)))
    for chosen in (payments[:1], payments[1:]):
        # Numbers, and the rows.
        with django_assert_num_queries(2):
            issue_invoices(chosen, now=make.NOW)
    issued = Document.objects.order_by("sequence")
    assert [document.sequence for document in issued] == [1, 2, 3, 4, 5]
    assert [document.payment_id for document in issued] == [payment.pk for payment in payments]


def test_I2_many_of_two_years_are_numbered_by_their_year(car, card, digital_key, market, gateway):
    make.subscription(car, package=digital_key, gateway=gateway)
    package = make.package("radio", market=market, gives_trial=True)
    payment = start_next(make.subscription(car, package=package, gateway=gateway), card)
    (document,) = issue_invoices([payment], now=make.NOW + make.days(365))
    assert document.number == "CY-2027-000001"
