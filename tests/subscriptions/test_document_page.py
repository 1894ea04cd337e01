"""The page of one document: what stands on it, its files, and its mail sent again by the customer (I1, I3, X6)."""

import pytest
import time_machine
from django.urls import reverse

from portal.models import AuditRecord
from subscriptions.actions.again import MOST_BY_CUSTOMER_A_DAY, SENT_AGAIN
from subscriptions.actions.blank import blank_documents
from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import send_refund
from subscriptions.models import Document, Refund
from tests import make
from tests.journeys.conftest import words

LATER = make.NOW + make.days(100)


@pytest.fixture
def paid(car, card, digital_key, gateway, files):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def invoice(paid) -> Document:
    return Document.objects.get()


@pytest.fixture
def note(paid, owner, gateway) -> Document:
    """Of 18 September 2026: 40.00 of the invoice's 60.00, expected by 25 September."""
    cancel(subscription=paid, confirmed=None, now=LATER, by=owner)
    send_refund(refund_id=Refund.objects.get().pk, now=LATER, gateway=gateway)
    return Document.objects.get(kind="credit_note")


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    with time_machine.travel(LATER, tick=False):
        yield client


def page(client, document: Document) -> str:
    return words(client.get(reverse("document", args=[document.public_id])))


def test_I3_an_invoice_shows_parties_period_vat_and_card(signed_in, invoice, card):
    shown = page(signed_in, invoice)
    for fact in (
        "Invoice CY-2026-000001",
        "10 June 2026 – 9 June 2027",
        "NX 350h KAA001 JTJSAMPLECY900001",
        "Net €50.42 VAT 19% €9.58 Total €60.00",
        f"ending in {card.last4} 10 June 2026",
        "Sample Seller Ltd",
        "Eleni Georgiou Makariou III 12",
        "net is the total divided by 1.19",
    ):
        assert fact in shown


def test_I1_invoice_and_credit_note_lead_to_each_other(signed_in, invoice, note):
    assert f"Credits the invoice {invoice.number}" in page(signed_in, note)
    assert f"Credit note to it {note.number} , -€40.00" in page(signed_in, invoice)
    leads = signed_in.get(reverse("document", args=[note.public_id])).content.decode()
    for target in (
        reverse("document", args=[invoice.public_id]),
        reverse("subscription", args=[note.subscription.public_id]),
    ):
        assert f'href="{target}"' in leads


def test_X6_a_credit_note_says_where_its_money_is_and_after_the_day_offers_help(signed_in, note, card):
    assert f"card ending in {card.last4} and should be there by 25 September 2026" in page(signed_in, note)
    assert "Not there?" not in page(signed_in, note)
    with time_machine.travel(LATER + make.days(8), tick=False):
        answer = signed_in.get(reverse("document", args=[note.public_id])).content.decode()
    assert "Not there?" in answer
    assert f'href="{reverse("case_new")}?refund={note.refund.public_id}"' in answer


def test_I4_an_invoice_leads_to_its_correction_and_a_credit_note_does_not(signed_in, invoice, note):
    way = reverse("document_correction", args=[invoice.public_id])
    assert way in signed_in.get(reverse("document", args=[invoice.public_id])).text
    assert "/correction/" not in signed_in.get(reverse("document", args=[note.public_id])).text


def test_I4_a_blanked_document_says_that_its_buyer_and_file_are_deleted(signed_in, invoice):
    blank_documents(now=make.NOW.replace(year=2033, month=2))
    shown = page(signed_in, invoice)
    assert "Deleted: the time for which the law has it kept is over." in shown
    assert "Eleni Georgiou Makariou" not in shown
    assert reverse("document_pdf", args=[invoice.public_id]) not in shown


@pytest.mark.parametrize(("name", "kind"), [("document_pdf", "pdf"), ("document_xml", "xml")])
def test_files_are_downloads_named_by_number_and_stay_in_no_cache(signed_in, invoice, name, kind):
    for ask in (signed_in.get, signed_in.head):
        answer = ask(reverse(name, args=[invoice.public_id]))
        assert answer["Content-Disposition"] == f'attachment; filename="CY-2026-000001.{kind}"'
        assert answer["Content-Type"] == {"pdf": "application/pdf", "xml": "application/xml; charset=utf-8"}[kind]
        assert "no-store" in answer["Cache-Control"]


# Sent again


def send(client, document: Document, times: object) -> str:
    return words(client.post(reverse("document_mail", args=[document.public_id]), {"times": times}, follow=True))


def test_I1_the_customer_has_it_mailed_again_counted_and_on_record(
    signed_in, invoice, owner, deliver, clock, mailoutbox
):
    clock.now = LATER
    deliver()
    mailoutbox.clear()
    assert f"on its way to {owner.email}" in send(signed_in, invoice, 0)
    deliver()
    (mail,) = mailoutbox
    assert (mail.to, mail.attachments[0][0]) == ([owner.email], "CY-2026-000001.pdf")
    record = AuditRecord.objects.get(what=SENT_AGAIN)
    assert (record.account, record.by, record.subject_id) == (owner, owner, invoice.pk)
    assert "Mailed once more so far." in page(signed_in, invoice)


@pytest.mark.parametrize("times", ["1", "-1", "x", "", "9" * 400, "²"])
def test_a_form_that_is_old_sent_twice_or_made_up_mails_nothing(signed_in, invoice, times):
    assert "This has just been done." in send(signed_in, invoice, times)
    assert not AuditRecord.objects.filter(what=SENT_AGAIN).exists()


def test_a_few_a_day_are_mailed_and_more_on_the_next(signed_in, invoice):
    for times in range(MOST_BY_CUSTOMER_A_DAY):
        assert "on its way" in send(signed_in, invoice, times)
    assert "You have had several sent today." in send(signed_in, invoice, MOST_BY_CUSTOMER_A_DAY)
    assert AuditRecord.objects.filter(what=SENT_AGAIN).count() == MOST_BY_CUSTOMER_A_DAY
    with time_machine.travel(LATER + make.days(1), tick=False):
        assert "on its way" in send(signed_in, invoice, MOST_BY_CUSTOMER_A_DAY)
