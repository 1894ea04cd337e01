"""Invoices and credit notes: numbered without gap, frozen, printed in the customer's language (I1 to I4)."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pypdf
import pytest
from django.db import IntegrityError, transaction

from accounts.models import BillingProfile
from portal.models import Brand, LegalEntity, Market
from portal.money import split_gross
from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import send_refund
from subscriptions.invoicing.files import pdf_of
from subscriptions.invoicing.numbering import next_numbers
from subscriptions.invoicing.printing import contents_of
from subscriptions.models import Document, DocumentFile, NumberSeries, Package, Refund
from tests import make
from tests.refusing import assert_append_only


@pytest.fixture
def both(car, card, digital_key, gateway, now):
    """An invoice of 60.00 and its credit note of 40.00."""
    return invoice_and_credit_note(car, digital_key, gateway)


def invoice_and_credit_note(car, package, gateway) -> tuple[Document, Document]:
    later = make.NOW + make.days(100)
    yearly = make.subscription(car, package=package, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=later, by=car.account)
    send_refund(refund_id=Refund.objects.get().pk, now=later, gateway=gateway)
    invoice, note = Document.objects.order_by("pk")
    return invoice, note


def test_I1_amounts_and_numbers(both):
    invoice, note = both
    assert (invoice.number, invoice.net, invoice.vat) == ("CY-2026-000001", Decimal("50.42"), Decimal("9.58"))
    assert (note.number, note.net, note.vat) == ("CN-CY-2026-000001", Decimal("33.61"), Decimal("6.39"))
    assert (note.corrects, note.payment) == (invoice, invoice.payment)
    for document in both:
        split = split_gross(document.gross, document.vat_rate)
        assert (document.net, document.vat) == (split.net, split.vat)


def test_I2_numbers_have_no_gap_and_each_kind_its_own_series(both, car, market, gateway):
    for code in ("music", "radio"):
        make.subscription(car, package=make.package(code, market=market), gateway=gateway)
    invoices = Document.objects.filter(kind="invoice").order_by("sequence")
    assert [invoice.sequence for invoice in invoices] == [1, 2, 3]
    assert set(NumberSeries.objects.values_list("kind", "last_number")) == {("invoice", 3), ("credit_note", 1)}


def test_I2_another_seller_has_series_of_its_own_and_credits_what_it_sold(car, card, market, digital_key, gateway, now):
    first = make.subscription(car, package=digital_key, gateway=gateway)
    taken_over = LegalEntity.objects.create(
        code="next", series="CYB", name="Next Ltd", address_lines=[], country="CY", vat_number="CY00000000Y"
    )
    Market.objects.update(legal_entity=taken_over)
    market.refresh_from_db()
    make.subscription(car, package=make.package("music", market=market), gateway=gateway)
    cancel(subscription=first, confirmed=None, now=now + make.days(100), by=car.account)
    send_refund(refund_id=Refund.objects.get().pk, now=now + make.days(100), gateway=gateway)
    issued = Document.objects.order_by("pk")
    assert [document.number for document in issued] == ["CY-2026-000001", "CYB-2026-000001", "CN-CY-2026-000001"]
    assert [document.seller["name"] for document in issued] == ["Sample Seller Ltd", "Next Ltd", "Sample Seller Ltd"]


def test_I2_a_new_year_begins_at_midnight_of_the_market(car, market, gateway):
    # 22:30 UTC on New Year's Eve is 00:30 in Nicosia.
    moments = [datetime(2026, 12, 31, hour, 30, tzinfo=UTC) for hour in (21, 22)]
    make.card(car.account, gateway=gateway)
    for number, moment in enumerate(moments):
        package = make.package(f"package-{number}", market=market)
        make.subscription(car, package=package, gateway=gateway, now=moment)
    assert list(Document.objects.order_by("pk").values_list("number", flat=True)) == [
        "CY-2026-000001",
        "CY-2027-000001",
    ]


def test_I2_a_number_that_is_rolled_back_is_given_again(market):
    series = {"legal_entity": market.legal_entity, "kind": "invoice", "year": 2026}
    with transaction.atomic():
        assert next_numbers(**series) == 1
        transaction.set_rollback(True)
    assert [next_numbers(**series, count=2), next_numbers(**series)] == [1, 3]


def test_I4_a_document_never_changes(both):
    for document in both:
        assert_append_only(document)


def test_I3_seller_and_buyer_are_kept_as_they_were_on_the_day(both):
    LegalEntity.objects.update(name="New Seller Ltd")
    BillingProfile.objects.update(name="Somebody Else")
    invoice, note = Document.objects.order_by("pk")
    assert invoice.seller == note.seller
    assert invoice.buyer == note.buyer
    assert (invoice.seller["name"], invoice.buyer["name"]) == ("Sample Seller Ltd", "Eleni Georgiou")


def test_H5_an_invoice_has_the_markets_channels_as_they_were_on_the_day(market, car, digital_key, gateway, owner):
    make.card(owner, gateway=gateway)
    market.contact = {"telephone": "+357 22 000000", "email": "care@example.com"}
    market.save(update_fields=["contact"])
    make.subscription(car, package=digital_key, gateway=gateway)
    market.contact = {}
    market.save(update_fields=["contact"])
    contents = contents_of(Document.objects.get())
    assert contents.seller.contact_lines == ("+357 22 000000", "care@example.com")


def test_the_database_refuses_a_second_invoice_of_a_payment_and_sums_that_do_not_add_up(both):
    copy = Document.objects.get(kind="invoice")
    copy.pk, copy.public_id, copy.sequence, copy.number = None, "0" * 32, 7, "CY-2026-000007"
    with pytest.raises(IntegrityError, match="document_one_invoice_per_payment"), transaction.atomic():
        copy.save(force_insert=True)
    copy.kind, copy.gross = "credit_note", Decimal("1.00")
    with pytest.raises(IntegrityError, match=r"document_(adds_up|credit_note_names_invoice)"), transaction.atomic():
        copy.save(force_insert=True)


# On paper


def text_of(document: Document) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("language", "amounts", "words"),
    [
        ("en", ["60.00", "50.42", "9.58", "40.00", "33.61", "6.39"], ["Invoice", "Credit note"]),
        ("el", ["60,00", "50,42", "9,58", "40,00", "33,61", "6,39"], ["Τιμολόγιο", "Πιστωτικό"]),
    ],
)
def test_I1_both_are_printed_with_number_and_amounts(market, digital_key, gateway, files, language, amounts, words):
    customer = make.account("reader@example.com", market=market, language=language)
    car = make.active_car(customer)
    make.card(customer, gateway=gateway)
    invoice, note = invoice_and_credit_note(car, digital_key, gateway)
    printed = [text_of(invoice), text_of(note)]
    assert all(amount in printed[0] for amount in amounts[:3])
    assert all(amount in printed[1] for amount in amounts[3:])
    assert all(word.casefold() in text.casefold() for word, text in zip(words, printed, strict=True))
    assert invoice.number in printed[0]
    assert note.number in printed[1]
    assert invoice.number in printed[1]


def test_I4_a_lost_file_is_made_again_identically_whatever_is_called_otherwise_by_then(both, files, market):
    first = [pdf_of(document) for document in both]
    for stored in DocumentFile.objects.all():
        stored.content.delete(save=False)
    Brand.objects.update(name="Renamed", accent_light="#123456")
    LegalEntity.objects.update(name="Sold Ltd", address_lines=["Elsewhere"])
    Package.objects.update(names={"en": "Otherwise", "el": "Αλλιώς"})
    assert [pdf_of(Document.objects.get(pk=document.pk)) for document in both] == first


def test_I3_what_a_document_says_is_kept_on_the_row_in_its_language(market, digital_key, gateway):
    customer = make.account("reader@example.com", market=market, language="el")
    car = make.active_car(customer)
    make.card(customer, gateway=gateway)
    invoice, note = invoice_and_credit_note(car, digital_key, gateway)
    assert invoice.lines[0]["description"] == note.lines[0]["description"] == "Digital-Key, ετήσιο"
    assert [len(document.payment_facts["calculation"]) for document in (invoice, note)] == [1, 2]
    assert "19%" in invoice.payment_facts["calculation"][0]
    assert (invoice.seller["wordmark"], invoice.seller["accent"]) == ("Sample", "#7a5230")
