"""A year of documents as ZIP: at once, or prepared by the worker in steps (I1)."""

import io
import tracemalloc
from zipfile import ZipFile

import pytest
import time_machine
from django.urls import reverse

from portal import outbox
from portal.models import AuditRecord, OutboxMessage
from subscriptions.actions import bundle as bundling
from subscriptions.actions.blank import blank_documents
from subscriptions.actions.bundle import KEPT_FOR, MOST_A_DAY, bundle_year, prepare_step
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Document, DocumentBundle, DocumentFile
from subscriptions.papers import downloads
from subscriptions.papers.bundles import LEFT_OUT_NAME, documents_in, zip_of
from subscriptions.papers.history import Wanted
from subscriptions.views.bundles import MOST_AT_ONCE
from tests import make
from tests.refusing import refusal_code
from tests.subscriptions.histories import invoice_more

YEAR = Wanted(year=2026)


@pytest.fixture
def paid(car, card, digital_key, gateway, files):
    """One invoice, of 10 June 2026."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    with time_machine.travel(make.NOW + make.days(1), tick=False):
        yield client


def asked(owner, wanted: Wanted = YEAR, *, days: int = 1) -> DocumentBundle:
    return bundle_year(account=owner, wanted=wanted, now=make.NOW + make.days(days), by=owner)


def opened(answer) -> ZipFile:
    archive = ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.testzip() is None
    return archive


# At once


def test_I1_a_small_year_comes_at_once_with_both_files_of_each(paid, signed_in):
    invoice_more(paid, 1)
    answer = signed_in.get(reverse("documents_zip"), {"year": 2026})
    assert answer["Content-Disposition"] == 'attachment; filename="documents-2026.zip"'
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    archive = opened(answer)
    names = [f"CY-2026-00000{number}.{kind}" for number in (1, 2) for kind in ("pdf", "xml")]
    assert archive.namelist() == names
    invoice = Document.objects.get(number="CY-2026-000002")
    assert archive.read(names[2]) == pdf_of(invoice)
    assert archive.read(names[3]) == xml_of_document(invoice)


@pytest.mark.parametrize(
    ("query", "said"),
    [({}, "choose a year first"), ({"year": 2026, "number": "nothing"}, "no documents in this time")],
)
def test_what_is_missing_is_said_on_the_page(paid, signed_in, query, said):
    answer = signed_in.get(reverse("documents_zip"), query, follow=True)
    assert said in answer.content.decode()


def test_a_filter_that_makes_no_sense_gives_no_zip(paid, signed_in):
    assert signed_in.get(reverse("documents_zip"), {"year": "x"})["Location"] == f"{reverse('documents')}?year=x"


def test_I4_what_was_blanked_is_left_out_and_named(paid, owner, now):
    blank_documents(now=now.replace(year=2033, month=2))
    archive = ZipFile(io.BytesIO(b"".join(zip_of(Document.objects.all()))))
    assert archive.namelist() == [LEFT_OUT_NAME]
    text = archive.read(LEFT_OUT_NAME).decode("utf-8-sig")
    assert text.splitlines()[1:] == ["CY-2026-000001"]


def test_many_documents_are_never_in_memory_together(paid):
    invoice_more(paid, 60)
    documents = list(Document.objects.order_by("pk"))
    assert sum(len(piece) for piece in zip_of(documents[:1])) > 20_000
    largest, whole = 0, 0
    tracemalloc.start()
    for piece in zip_of(Document.objects.order_by("pk").iterator(chunk_size=5)):
        largest, whole = max(largest, len(piece)), whole + len(piece)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert largest < whole / 20
    assert peak < 8_000_000


def test_zips_of_an_hour_are_limited(paid, signed_in):
    got = [
        signed_in.get(reverse("documents_zip"), {"year": 2026}).status_code for _ in range(downloads.MOST_ZIPS_AN_HOUR)
    ]
    assert set(got) == {200}
    answer = signed_in.get(reverse("documents_zip"), {"year": 2026}, follow=True)
    assert "wait an hour" in answer.content.decode()


# By the worker


def test_I1_a_large_year_is_prepared_in_steps_and_downloaded_when_it_is_done(paid, owner, signed_in, deliver, clock):
    invoice_more(paid, MOST_AT_ONCE)
    page = signed_in.get(reverse("documents"), {"year": 2026}).content.decode()
    assert "Prepare the ZIP of 2026" in page
    assert "please have the zip prepared" in refused(signed_in, "documents_zip", year=2026)
    answer = signed_in.post(reverse("bundles"), {"year": 2026}, follow=True)
    assert f"0 of {MOST_AT_ONCE + 1} documents" in answer.content.decode()
    row = DocumentBundle.objects.get()
    file = reverse("bundle_zip", args=[row.public_id])
    assert "still being prepared" in signed_in.get(file, follow=True).content.decode()
    clock.now = make.NOW + make.days(1)
    deliver()
    ready = signed_in.get(reverse("bundle", args=[row.public_id])).content.decode()
    assert "41 documents are ready. You can download them until 18 June 2026." in ready
    assert len(opened(signed_in.get(file)).namelist()) == 2 * (MOST_AT_ONCE + 1)
    records = AuditRecord.objects.filter(subject_type="subscriptions.documentbundle")
    assert list(records.order_by("pk").values_list("what", "by")) == [
        ("documents bundled", owner.pk),
        ("documents downloaded", owner.pk),
    ]


def refused(client, name: str, **query: object) -> str:
    return client.get(reverse(name), query, follow=True).content.decode().casefold()


def test_each_step_counts_and_asks_for_the_next(paid, owner, now, monkeypatch):
    monkeypatch.setattr(bundling, "AT_A_TIME", 2)
    invoice_more(paid, 4)
    row = asked(owner)
    counts = []
    while not row.is_ready:
        prepare_step(bundle_id=row.pk, now=now + make.days(2))
        row.refresh_from_db()
        counts.append((row.done, row.total, DocumentFile.objects.count()))
    assert counts == [(2, 5, 2), (4, 5, 4), (5, 5, 5)]
    assert OutboxMessage.objects.filter(handler="document_bundle").count() == 3
    assert row.expires_at == now + make.days(2) + KEPT_FOR
    prepare_step(bundle_id=row.pk, now=now + make.days(3))
    row.refresh_from_db()
    assert (row.done, row.ready_at) == (5, now + make.days(2))


def test_a_step_done_by_two_workers_counts_once(paid, owner, now, monkeypatch):
    monkeypatch.setattr(bundling, "AT_A_TIME", 1)
    invoice_more(paid, 2)
    row = asked(owner)
    batch = list(documents_in(row)[:1])
    for _worker in range(2):
        bundling._move_on(row, batch, now=now)
    row.refresh_from_db()
    assert row.done == 1


def test_a_full_disk_leaves_the_step_to_be_done_again(paid, owner, files):
    row = asked(owner)
    (files / "documents").write_text("")
    message = OutboxMessage.objects.get(handler="document_bundle")
    assert not outbox.deliver(message.pk, now=row.requested_at)
    (files / "documents").unlink()
    message.refresh_from_db()
    assert outbox.deliver(message.pk, now=message.due_at)
    row.refresh_from_db()
    assert row.is_ready


def test_it_holds_what_there_was_when_it_was_asked_for(paid, owner, now):
    row = asked(owner)
    invoice_more(paid, 3, now=now + make.days(2))
    assert [each.number for each in documents_in(row)] == ["CY-2026-000001"]


def test_it_follows_the_filters_of_the_page(paid, owner, car):
    invoice_more(paid, 20)
    wanted = Wanted(car=str(car.vehicle.public_id), year=2026, kind="invoice", number="cy 2026 00002")
    assert [each.number for each in documents_in(asked(owner, wanted))] == ["CY-2026-000020", "CY-2026-000021"]
    assert refusal_code(asked, owner=owner, wanted=Wanted(year=2026, kind="credit_note")) == "no_documents"


def test_its_page_says_what_it_was_filtered_to(paid, owner, car, signed_in):
    row = asked(owner, Wanted(car=str(car.vehicle.public_id), year=2026, kind="invoice", number="cy"))
    assert "Only: NX 350h, Invoices, cy." in signed_in.get(reverse("bundle", args=[row.public_id])).content.decode()


def test_a_request_with_a_filter_that_makes_no_sense_leads_to_the_page_that_says_so(paid, signed_in):
    answer = signed_in.post(reverse("bundles"), {"year": 1999, "kind": "invoice"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{reverse('documents')}?year=1999&kind=invoice"
    assert "There are no documents of this year." in answer.content.decode()
    assert not DocumentBundle.objects.exists()


def test_the_same_asked_for_twice_is_prepared_once(paid, owner):
    assert asked(owner) == asked(owner)
    assert asked(owner, Wanted(year=2026, kind="invoice")) != asked(owner)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(), "no_year"),
        (Wanted(year=2020), "no_documents"),
        (Wanted(year=2026, car="12345678-1234-1234-1234-123456789012"), "no_documents"),
    ],
)
def test_what_cannot_be_prepared_is_refused(paid, owner, wanted, code):
    assert refusal_code(asked, owner=owner, wanted=wanted) == code
    assert not DocumentBundle.objects.exists()


def test_a_few_a_day_are_prepared(paid, owner):
    for number in range(1, MOST_A_DAY + 1):
        asked(owner, Wanted(year=2026, number="CY2026000001"[:number]))
    assert refusal_code(asked, owner=owner, wanted=Wanted(year=2026, number="cy")) == "too_many_bundles"
    asked(owner, Wanted(year=2026, number="cy"), days=3)


def test_after_seven_days_it_has_expired(paid, owner, signed_in, now):
    row = asked(owner)
    prepare_step(bundle_id=row.pk, now=now + make.days(1))
    with time_machine.travel(now + make.days(8), tick=False):
        page = signed_in.get(reverse("bundle", args=[row.public_id]))
        assert "This download has expired" in page.content.decode()
        gone = signed_in.get(reverse("bundle_zip", args=[row.public_id]), follow=True)
        assert "This download has expired" in gone.content.decode()
        assert row.file_name not in signed_in.get(reverse("documents")).content.decode()


def test_progress_asks_again_by_itself_and_by_a_link(paid, owner, signed_in):
    row = asked(owner)
    address = reverse("bundle", args=[row.public_id])
    fragment = signed_in.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert f'hx-get="{address}"' in fragment
    assert f'<a href="{address}">' in fragment
    assert row.file_name in signed_in.get(reverse("documents")).content.decode()
    prepare_step(bundle_id=row.pk, now=make.NOW + make.days(1))
    assert "hx-get" not in signed_in.get(address, headers={"HX-Request": "true"}).content.decode()


def test_progress_that_stands_still_is_said(paid, owner, signed_in, now):
    row = asked(owner)
    with time_machine.travel(row.moved_at + make.days(1), tick=False):
        page = signed_in.get(reverse("bundle", args=[row.public_id])).content.decode()
    assert "longer than it should" in page


@pytest.mark.parametrize("name", ["bundle", "bundle_zip"])
def test_law_11_only_who_asked_for_it_finds_it(paid, owner, stranger, client, name):
    row = asked(owner)
    client.force_login(stranger)
    assert client.get(reverse(name, args=[row.public_id])).status_code == 404


def test_nothing_is_asked_for_of_another_account(paid, stranger, client):
    client.force_login(stranger)
    client.post(reverse("bundles"), {"year": 2026})
    assert not DocumentBundle.objects.exists()
