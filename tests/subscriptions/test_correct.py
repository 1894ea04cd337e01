"""A wrong name or address is mended by a credit note and a new invoice, both linked, no money moved (I4)."""

import io
from decimal import Decimal

import pypdf
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions.billing import save_billing_profile
from accounts.models import Notice
from portal.models import AuditRecord, OutboxMessage
from subscriptions.actions.again import send_document_again
from subscriptions.actions.cancel import cancel
from subscriptions.actions.correct import correct_document, correction_quote
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Document, Payment, Refund
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401
from tests.einvoices import broken_rules, value
from tests.refusing import refusal_code

FLEET = {"name": "Fleet Ltd", "address_line_1": "1 Street", "postcode": "1065", "town": "Nicosia", "country": "CY"}
LATER = make.NOW + make.days(100)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """60.00 paid."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def invoice(yearly):
    return Document.objects.get()


def rename(owner, **changed):
    return save_billing_profile(account=owner, now=make.NOW, by=owner, **FLEET | changed)


def correct(invoice, by, now=make.NOW, **more):
    quote = correction_quote(invoice, now=now, by=by)
    return correct_document(invoice=invoice, confirmed=quote, now=now, by=by, **more)


def text_of(document):
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_I4_the_invoice_is_credited_whole_and_a_new_one_takes_its_place(invoice, owner):
    rename(owner, vat_number="CY10123456A")
    new = correct(invoice, owner)
    note = Document.objects.get(kind="credit_note")
    assert (note.corrects, note.refund, note.gross) == (invoice, None, Decimal("60.00"))
    assert (new.replaces, new.payment, new.gross, new.number) == (
        invoice,
        invoice.payment,
        Decimal("60.00"),
        "CY-2026-000002",
    )
    assert (note.buyer["name"], new.buyer["name"], new.buyer["vat_number"]) == (
        "Eleni Georgiou",
        "Fleet Ltd",
        "CY10123456A",
    )
    assert (new.net, new.vat, new.vat_rate, new.lines) == (invoice.net, invoice.vat, invoice.vat_rate, invoice.lines)


def test_I4_no_money_moves(invoice, owner):
    before = Payment.objects.values().get()
    rename(owner)
    correct(invoice, owner)
    assert Payment.objects.values().get() == before
    assert not Refund.objects.exists()
    assert not OutboxMessage.objects.filter(handler="refund").exists()


def test_I4_both_say_on_paper_and_for_machines_that_no_money_moves(invoice, owner, files):
    rename(owner)
    new = correct(invoice, owner)
    note = Document.objects.get(kind="credit_note")
    assert "No money moves: a new invoice takes its place." in text_of(note)
    assert "Refunded to" not in text_of(note)
    assert f"takes the place of the invoice {invoice.number}" in text_of(new)
    assert "Replaces invoice" in text_of(new)
    for document in (note, new):
        xml = xml_of_document(document)
        assert broken_rules(xml) == []
        assert "money" in value(xml, "//ram:IncludedNote/ram:Content")
        assert value(xml, "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == invoice.number
        assert value(xml, "//ram:DuePayableAmount") == "0.00"
    assert value(xml_of_document(note), "//ram:SpecifiedTradeSettlementPaymentMeans") is None


def test_I4_a_later_refund_names_the_invoice_that_holds(yearly, invoice, owner, deliver, files, clock):
    rename(owner)
    new = correct(invoice, owner)
    clock.now = LATER
    cancel(subscription=yearly, confirmed=None, now=LATER, by=owner)
    deliver()
    note = Document.objects.get(refund__isnull=False)
    assert (note.corrects, note.buyer["name"], note.gross) == (new, "Fleet Ltd", Decimal("40.00"))


def test_I4_what_was_paid_back_before_is_not_credited_again(yearly, invoice, owner, deliver, files, clock):
    clock.now = LATER
    cancel(subscription=yearly, confirmed=None, now=LATER, by=owner)
    deliver()
    rename(owner)
    new = correct(invoice, owner, now=LATER)
    assert new.gross == Decimal("20.00")
    assert Document.objects.get(kind="credit_note", refund__isnull=True).gross == Decimal("20.00")


def test_I4_a_corrected_invoice_can_be_corrected_and_the_old_one_not_again(invoice, owner):
    rename(owner)
    second = correct(invoice, owner)
    rename(owner, name="Fleet Holding Ltd")
    third = correct(second, owner)
    assert (third.replaces, third.buyer["name"]) == (second, "Fleet Holding Ltd")
    assert refusal_code(correct, invoice=invoice, by=owner) == "replaced"


def test_I4_a_customer_corrects_three_times_and_the_customer_centre_once_more(invoice, owner, market):
    newest = invoice
    for name in ("A", "B", "C"):
        rename(owner, name=name)
        newest = correct(newest, owner)
    rename(owner, name="D")
    assert refusal_code(correct, invoice=newest, by=owner) == "too_often"
    finance = make.account("finance@staff.example.com", market=market, is_staff=True)
    assert correct(newest, finance, reason="asked by letter").buyer["name"] == "D"
    assert AuditRecord.objects.filter(what="document corrected", by=finance).get().data["reason"] == "asked by letter"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Eleni Georgiou", "address_line_1": "Makariou III 12"}, "same_buyer"),
        ({"country": "GR"}, "other_country"),
    ],
)
def test_I4_the_same_buyer_or_one_of_another_country_is_refused(invoice, owner, changed, code):
    rename(owner, **changed)
    assert refusal_code(correct, invoice=invoice, by=owner) == code
    assert Document.objects.count() == 1


def test_I4_a_credit_note_and_a_fully_credited_invoice_are_refused(yearly, invoice, owner, deliver, files):
    cancel(subscription=yearly, confirmed=None, now=make.NOW, by=owner)
    deliver()
    rename(owner)
    assert refusal_code(correct, invoice=Document.objects.get(kind="credit_note"), by=owner) == "credit_note"
    assert refusal_code(correct, invoice=invoice, by=owner) == "credited"


def test_I4_after_the_time_that_the_law_asks_for_nothing_is_corrected(invoice, owner):
    rename(owner)
    years = make.days(366 * 12)
    assert refusal_code(correct, invoice=invoice, by=owner, now=make.NOW + years) == "time_over"


def test_what_was_shown_is_what_is_done(invoice, owner):
    rename(owner)
    shown = correction_quote(invoice, now=make.NOW, by=owner)
    rename(owner, name="Somebody Else")
    code = refusal_code(correct_document, invoice=invoice, confirmed=shown, now=make.NOW, by=owner)
    assert code == "changed"


def test_the_database_refuses_a_second_correction(invoice, owner):
    rename(owner)
    new = correct(invoice, owner)
    note = Document.objects.get(kind="credit_note")
    for row, name in ((new, "replaces"), (note, "document_corrected_once")):
        row.pk, row.public_id, row.sequence, row.number = None, "0" * 32, 7, f"{row.number}7"
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)


# Told


def test_I4_one_mail_carries_both_and_can_be_sent_again(invoice, owner, deliver, files, mailoutbox):
    deliver()
    mailoutbox.clear()
    rename(owner)
    new = correct(invoice, owner)
    note = Document.objects.get(kind="credit_note")
    deliver()
    names = [f"{note.number}.pdf", f"{new.number}.pdf"]
    assert [[part[0] for part in mail.attachments] for mail in mailoutbox] == [names]
    assert "No money has moved" in mailoutbox[0].body
    for document in (note, new):
        send_document_again(document=document, times=0, reason="lost", now=make.NOW, by=owner)
    deliver()
    assert [[part[0] for part in mail.attachments] for mail in mailoutbox] == [names] * 3
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 3


def test_N2_a_correction_whose_notice_is_gone_is_told_anew(invoice, owner):
    rename(owner)
    correct(invoice, owner)
    Notice.objects.filter(kind="document_corrected").delete()
    note = Document.objects.get(kind="credit_note")
    send_document_again(document=note, times=0, reason="lost", now=make.NOW, by=owner)
    assert Notice.objects.get(kind="document_corrected").facts["note_number"] == note.number


# The page


@pytest.fixture
def page(client, owner, invoice):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield reverse("document_correction", args=[invoice.public_id])


def test_the_page_leads_to_the_billing_address_first_and_back(client, page):
    answer = client.get(page).content.decode()
    assert "is just what stands on the invoice" in answer
    assert f"{reverse('billing_profile')}?next={page}" in answer


def test_the_page_shows_both_buyers_and_does_what_it_showed_once(client, page, owner, invoice):
    rename(owner)
    answer = client.get(page)
    shown = answer.context["seal"]
    assert all(words in answer.content.decode() for words in ("Eleni Georgiou", "Fleet Ltd"))
    assert client.post(page, {"shown": shown})["Location"] == reverse("documents")
    assert "Another invoice has taken the place" in client.post(page, {"shown": shown}).content.decode()
    assert Document.objects.count() == 3


def test_a_form_that_was_forged_or_is_old_is_shown_again(client, page, owner):
    rename(owner)
    answer = client.post(page, {"shown": "forged"}).content.decode()
    assert "Something has changed since this page was made" in answer
    assert Document.objects.count() == 1


def test_the_page_of_corrections_lists_the_invoices_that_hold(client, page, owner, invoice):
    rename(owner)
    new = correct(invoice, owner)
    answer = client.get(reverse("corrections"))
    assert [document.number for document in answer.context["page"]] == [new.number]
    assert reverse("document_correction", args=[new.public_id]) in answer.content.decode()


def test_the_history_and_the_wallet_show_both(client, page, owner, invoice):
    rename(owner)
    new = correct(invoice, owner)
    for name in ("documents", "wallet"):
        assert new.number in client.get(reverse(name)).content.decode()
