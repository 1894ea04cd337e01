"""A document never changes; its buyer leaves it once, when the law no longer asks for them (I4)."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from portal.models import AuditRecord
from subscriptions.actions.again import send_document_again
from subscriptions.actions.blank import blank_documents
from subscriptions.invoicing.files import kept_pdf_of, pdf_of, xml_of_document
from subscriptions.models import Document, DocumentFile
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (for every test here)
from tests.refusing import refusal_code
from tests.staff import sign_in_at_the_desk

LAST_DAY = datetime(2032, 12, 31, 21, 59, tzinfo=UTC)  # a minute before midnight in Nicosia
OVER = datetime(2033, 1, 2, 3, 0, tzinfo=UTC)
TABLE = Document._meta.db_table
BLANK = "buyer = '{}', vehicle = '{}', card = '{}', blanked_at = '2033-01-02'"


@pytest.fixture
def invoice(car, card, digital_key, gateway, files) -> Document:
    make.subscription(car, package=digital_key, gateway=gateway)
    invoice = Document.objects.get()
    kept_pdf_of(invoice)
    return invoice


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # What earlier statements of the test's transaction left to be checked at its end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


@pytest.mark.parametrize("column", sorted(field.column for field in Document._meta.concrete_fields))
def test_I4_the_database_refuses_to_change_any_column(invoice, column):
    with pytest.raises(ProgrammingError, match="Cannot update rows"):
        run(f"UPDATE {TABLE} SET {column} = {column}")
    with pytest.raises(ProgrammingError, match="Cannot update rows"):
        run(f"UPDATE {TABLE} SET {column} = NULL")


@pytest.mark.parametrize(
    "sql",
    [
        f"DELETE FROM {TABLE}",
        f"TRUNCATE {TABLE} CASCADE",
        "TRUNCATE subscriptions_payment CASCADE",
        f"UPDATE {TABLE} SET {BLANK.replace('2033', '2032')}",
        f"UPDATE {TABLE} SET {BLANK}, gross = gross + 1, net = net + 1",
        f"UPDATE {TABLE} SET {BLANK}, number = 'CY-2026-000009'",
        f"UPDATE {TABLE} SET {BLANK}, keep_until = '2020-01-01'",
        f"UPDATE {TABLE} SET buyer = '{{}}', blanked_at = '2033-01-02'",
        f"UPDATE {TABLE} SET {BLANK.replace('{}', 'null', 1)}",
        f"UPDATE {TABLE} SET buyer = jsonb_set(buyer, '{{name}}', '\"Somebody\"')",
    ],
)
def test_I4_the_database_refuses_every_other_move(invoice, sql):
    with pytest.raises(ProgrammingError, match=r"Cannot (update|delete|truncate)"):
        run(sql)
    assert Document.objects.get().buyer == invoice.buyer


def test_I4_blanked_once_it_never_changes_again(invoice):
    assert blank_documents(now=OVER) == 1
    for change in (BLANK, "blanked_at = NULL", 'buyer = \'{"name": "Somebody"}\''):
        with pytest.raises(ProgrammingError, match="Cannot update rows"):
            run(f"UPDATE {TABLE} SET {change}")


def test_I4_the_buyer_stays_to_the_last_day_and_leaves_on_the_next_run(invoice):
    assert blank_documents(now=LAST_DAY) == 0
    assert blank_documents(now=OVER) == 1
    blanked = Document.objects.get()
    assert (blanked.buyer, blanked.vehicle, blanked.card) == ({}, {}, {})
    assert (blanked.number, blanked.gross, blanked.seller) == (invoice.number, invoice.gross, invoice.seller)
    assert AuditRecord.objects.get(what="documents blanked").data == {"market": "CY", "count": 1}
    assert blank_documents(now=OVER) == 0


def test_I4_nothing_of_the_buyer_is_left_in_the_row(invoice):
    blank_documents(now=OVER)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb({TABLE})::text FROM {TABLE}")
        (row,) = cursor.fetchone()
    personal = [invoice.buyer["name"], invoice.buyer["email"], "Makariou", invoice.vehicle["vin"]]
    assert not [part for part in personal if part in row]
    assert '"last4"' not in row


def test_I4_years_that_the_law_adds_count_for_documents_that_there_are(invoice, market):
    market.document_years = 10
    market.save(update_fields=["document_years"])
    assert blank_documents(now=OVER) == 0
    assert blank_documents(now=OVER.replace(year=2037)) == 1


def test_I4_years_that_are_taken_away_do_not(invoice, market):
    market.document_years = 1
    market.save(update_fields=["document_years"])
    assert blank_documents(now=LAST_DAY) == 0


def test_I4_the_file_goes_and_is_not_made_again(invoice):
    name = DocumentFile.objects.get().content.name
    blank_documents(now=OVER)
    assert not default_storage.exists(name)
    assert not DocumentFile.objects.exists()
    blanked = Document.objects.get()
    for make_file in (pdf_of, kept_pdf_of, xml_of_document):
        assert refusal_code(make_file, document=blanked) == "document_blanked"


def test_I4_a_file_that_a_killed_run_has_left_goes_in_the_next(invoice):
    Document.objects.update(buyer={}, vehicle={}, card={}, blanked_at=OVER)
    assert blank_documents(now=OVER) == 0
    assert not DocumentFile.objects.exists()


@pytest.mark.parametrize("page", ["document_pdf", "document_xml"])
def test_I4_the_download_says_why_there_is_none(invoice, client, page):
    blank_documents(now=OVER)
    client.force_login(invoice.account)
    answer = client.get(reverse(page, args=[invoice.public_id]), follow=True)
    assert answer.redirect_chain == [(reverse("documents"), 302)]
    assert "the file with them" in answer.content.decode()
    assert invoice.number in answer.content.decode()


def test_I4_a_blanked_document_is_not_sent_again(invoice, owner):
    blank_documents(now=OVER)
    code = refusal_code(
        send_document_again, document=Document.objects.get(), times=0, reason="Asked", now=OVER, by=owner
    )
    assert code == "document_blanked"


def test_I4_staff_are_told_the_same(invoice, client, market):
    blank_documents(now=OVER)
    sign_in_at_the_desk(client, make.account("boss@example.com", market=market, is_staff=True, is_superuser=True))
    answer = client.get(f"/admin/subscriptions/document/{invoice.pk}/pdf/", follow=True)
    assert "the file with them" in answer.content.decode()


def test_the_command_says_how_many(invoice):
    out = StringIO()
    call_command("blank_documents", stdout=out)
    assert out.getvalue() == "0 documents blanked.\n"
