"""Files of documents: stored by the hash of their bytes, whole or not at all, made again identically (I3, I4)."""

import resource
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from portal import outbox
from portal.models import OutboxMessage
from subscriptions.invoicing.files import NotKept, kept_pdf_of, pdf_of, xml_of_document
from subscriptions.models import Document, DocumentFile
from tests import make
from tests.einvoices import broken_rules


@pytest.fixture
def invoice(car, card, digital_key, gateway, files) -> Document:
    make.subscription(car, package=digital_key, gateway=gateway)
    return Document.objects.get()


@pytest.fixture
def full_disk():
    """This process can write the beginning of a PDF only, as on a disk that is full; ends when it is called."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))

    def has_room_again() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    yield has_room_again
    has_room_again()


def everything_in(folder) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_I3_a_file_stands_under_the_hash_of_its_bytes(invoice, files):
    pdf = kept_pdf_of(invoice)
    stored = DocumentFile.objects.get()
    assert (stored.sha256, stored.size) == (sha256(pdf).hexdigest(), len(pdf))
    assert everything_in(files) == [f"{stored.sha256}.pdf"]


@pytest.mark.parametrize("harm", ["lost", "half", "other"])
def test_I4_a_file_that_is_not_what_it_was_is_made_again_identically(invoice, harm):
    pdf = kept_pdf_of(invoice)
    stored = DocumentFile.objects.get()
    default_storage.delete(stored.content.name)
    if harm != "lost":
        default_storage.save(stored.content.name, ContentFile(pdf[:1000] if harm == "half" else b"something else"))
    assert kept_pdf_of(invoice) == pdf
    with default_storage.open(stored.content.name) as file:
        assert file.read() == pdf


def test_a_full_disk_is_said_leaves_no_half_file_and_holds_no_reader_up(invoice, files, full_disk):
    with pytest.raises(NotKept, match=r"CY-2026-000001: the storage did not take documents/.*File too large"):
        kept_pdf_of(invoice)
    assert everything_in(files) == []
    assert not DocumentFile.objects.exists()
    made = pdf_of(invoice)
    full_disk()
    assert kept_pdf_of(invoice) == made


def test_a_place_that_cannot_be_written_to_is_said(invoice, files):
    # For root too: a file stands where the folder should be.
    (files / "documents").write_text("")
    with pytest.raises(NotKept, match=r"the storage did not take documents/"):
        kept_pdf_of(invoice)


def test_I1_the_mail_waits_until_the_file_is_kept(invoice, files, full_disk, deliver, mailoutbox, clock):
    message = OutboxMessage.objects.get(handler="notice_mail", payload__notice_id=notice_of(invoice))
    assert not outbox.deliver(message.pk, now=make.NOW)
    message.refresh_from_db()
    assert "File too large" in message.last_error
    assert not mailoutbox
    full_disk()
    clock.now = message.due_at
    assert outbox.deliver(message.pk, now=message.due_at)
    (mail,) = mailoutbox
    assert mail.attachments[0][1] == kept_pdf_of(invoice)


def notice_of(document: Document) -> int:
    return document.account.notices.get(kind="invoice_issued").pk


def test_files_go_to_whatever_storage_the_settings_name(invoice, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    pdf = kept_pdf_of(invoice)
    assert type(storages["default"]).__name__ == "InMemoryStorage"
    assert kept_pdf_of(invoice) == pdf
    default_storage.delete(DocumentFile.objects.get().content.name)
    assert kept_pdf_of(invoice) == pdf


def test_I1_the_customer_downloads_the_document_for_machines(invoice, client):
    client.force_login(invoice.account)
    answer = client.get(reverse("document_xml", args=[invoice.public_id]))
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.xml"'
    assert answer.content == xml_of_document(invoice)
    assert broken_rules(answer.content) == []
