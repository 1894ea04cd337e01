"""Documents of the system before this one: their page, their files, the API and the desk (I1, I4)."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import Origin, StaffRead
from subscriptions.actions.move_in_documents import forget_old_documents
from tests import old_system
from tests.journeys.conftest import words
from tests.support.cases import staff


@pytest.fixture
def moved(owner, files):
    return old_system.old_document(owner, number="R-77/2023")


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


def test_I1_they_stand_on_a_page_of_their_own_with_number_day_and_sum(signed_in, moved):
    assert reverse("old_documents") in signed_in.get(reverse("documents")).content.decode()
    page = words(signed_in.get(reverse("old_documents")))
    assert "R-77/2023 Invoice 10 February 2023 PDF R-77/2023 €99.00" in page


def test_I1_the_file_is_the_one_that_was_mailed_then_under_a_name_that_breaks_no_header(signed_in, moved):
    answer = signed_in.get(reverse("old_document_pdf", args=[moved.public_id]))
    assert answer.content == old_system.PDF
    assert answer["Content-Disposition"] == 'attachment; filename="R-77-2023.pdf"'
    assert answer["Cache-Control"] == "private, no-store"


def test_law_11_a_stranger_finds_neither_row_nor_file(client, stranger, moved):
    client.force_login(stranger)
    assert "R-77/2023" not in words(client.get(reverse("old_documents")))
    assert reverse("old_documents") not in client.get(reverse("documents")).content.decode()
    assert client.get(reverse("old_document_pdf", args=[moved.public_id])).status_code == 404


def test_I4_once_the_law_lets_it_go_the_row_stays_and_the_file_is_said_to_be_gone(signed_in, owner, moved):
    assert forget_old_documents(owner.market, today=date(2040, 1, 1)) == 1
    assert "R-77/2023 Invoice 10 February 2023 deleted €99.00" in words(signed_in.get(reverse("old_documents")))
    answer = signed_in.get(reverse("old_document_pdf", args=[moved.public_id]), follow=True)
    assert "The time for which the law has invoices kept is over" in words(answer)


def test_a_file_that_is_lost_or_another_is_said_to_be_missing_and_logged(signed_in, moved, caplog):
    default_storage.delete(moved.content)
    answer = signed_in.get(reverse("old_document_pdf", args=[moved.public_id]), follow=True)
    assert "We cannot find this file at the moment." in words(answer)
    assert "is not there, or not what it was" in caplog.text


def test_twenty_a_page_for_the_same_queries(signed_in, owner, moved):
    address = reverse("old_documents")
    signed_in.get(address)
    with CaptureQueriesContext(connection) as of_one:
        signed_in.get(address)
    for month in range(1, 13):
        for day in (1, 15):
            old_system.old_document(owner, number=f"R-{month}-{day}", issued_on=date(2022, month, day))
    with CaptureQueriesContext(connection) as of_many:
        page = signed_in.get(address).content.decode()
    assert page.count('<th scope="row">') == 20
    assert len(of_many) == len(of_one) <= 8
    assert signed_in.get(f"{address}?page=2").content.decode().count('<th scope="row">') == 5


def test_what_an_account_has_beside_its_documents_is_shown_without_any_too(signed_in, owner, moved, car, card):
    """Whoever came from another system has old documents before the first one of ours."""
    address = reverse("documents")
    signed_in.get(address)
    with CaptureQueriesContext(connection) as captured:
        page = words(signed_in.get(address))
    assert "No documents yet" in page
    assert "Documents from before this site" in page
    assert len(captured) <= 8


def test_K2_an_agent_finds_it_by_its_number_and_takes_the_file_which_is_on_record(client, owner, moved):
    who = staff(client, owner.market, "agent")
    assert "R-77/2023" in words(client.get(reverse("admin:search"), {"q": "R-77/2023"}, follow=True))
    assert "Documents from before this site" in words(client.get(row(owner)))
    assert client.get(row(moved, "pdf")).content == old_system.PDF
    assert StaffRead.objects.filter(account=owner, by=who, subject_type="subscriptions.olddocument").exists()
    origin = Origin.objects.get(kind="document")
    assert "R-77/2023" in words(client.get(row(origin)))
    assert "R-77/2023" in words(client.get(reverse("admin:portal_origin_changelist"), {"q": "R-77/2023"}))


def row(of, noun="change"):
    return reverse(f"admin:{of._meta.app_label}_{of._meta.model_name}_{noun}", args=[of.pk])
