"""Everything about me in one file: after signing in again, whole, mine alone, and gone after seven days (A6)."""

import csv
import io
import json
import tracemalloc
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.actions import export as actions
from accounts.actions.profile import change_profile
from accounts.exporting import EXPORTERS
from accounts.models import DataExport, Notice, TermsVersion
from portal import audit, outbox
from portal.models import AuditRecord, OutboxMessage
from subscriptions.models import Document
from tests import make
from tests.refusing import refusal_code


@pytest.fixture(autouse=True)
def clock_of_pages(files, monkeypatch):
    monkeypatch.setitem(
        outbox.HANDLERS,
        "data_export",
        lambda export_id: actions.write_export(export_id=export_id, clock=lambda: make.NOW),
    )
    with time_machine.travel(make.NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def paid(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def ask(owner, now=make.NOW):
    return actions.ask_for_export(account=owner, now=now, by=owner)


def write(export, now=make.NOW):
    actions.write_export(export_id=export.pk, clock=lambda: now)
    export.refresh_from_db()
    return export


def sign_in_again(client, owner):
    client.force_login(owner)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})


def opened(export) -> ZipFile:
    with default_storage.open(export.file) as kept:
        return ZipFile(io.BytesIO(kept.read()))


def rows_in(archive, name):
    return json.loads(archive.read(f"{name}.json"))


def test_A6_the_file_holds_each_kind_of_record_for_machines_and_for_spreadsheets(owner, paid):
    archive = opened(write(ask(owner)))
    for name in EXPORTERS:
        rows = rows_in(archive, name)
        lines = list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig")), delimiter=";"))
        assert len(rows) == len(lines), name
        assert not rows or list(rows[0]) == list(lines[0]), name
    assert rows_in(archive, "account")[0]["email"] == owner.email
    assert rows_in(archive, "payments")[0]["amount"] == "60.00"
    assert rows_in(archive, "cars")[0]["vin"] == paid.vehicle.vin
    assert archive.testzip() is None
    assert {entry.date_time[0] for entry in archive.infolist()} == {make.NOW.year}


def test_A6_the_invoices_are_in_it_as_pdf(owner, paid):
    archive = opened(write(ask(owner)))
    assert archive.read(f"documents/{Document.objects.get().number}.pdf").startswith(b"%PDF-")


def test_W1_of_a_card_it_holds_what_the_wallet_shows_and_no_reference(owner, card, paid):
    archive = opened(write(ask(owner)))
    [row] = rows_in(archive, "cards")
    assert (row["brand"], row["last4"], row["exp_year"]) == (card.brand, card.last4, card.exp_year)
    whole = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
    assert card.card_ref.encode() not in whole
    assert card.fingerprint.encode() not in whole
    assert owner.password.encode() not in whole


def test_A6_nothing_of_somebody_else_is_in_it(owner, stranger, paid, gateway):
    make.card(stranger, gateway=gateway)
    archive = opened(write(ask(owner)))
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert stranger.email.encode() not in whole
    assert str(stranger.public_id).encode() not in whole


def test_A6_what_staff_wrote_for_each_other_is_not_in_it(owner, stranger):
    staff = {"reason": "doubtful papers", "identity_checked_by": "A. Colleague", "note": "again"}
    audit.record("access_unblocked", account=owner, by=stranger, now=make.NOW, subject=owner, vin="JTH", **staff)
    [row] = [row for row in EXPORTERS["records"].rows(owner) if row["what"] == "access_unblocked"]
    assert (row["by"], row["data"]) == ("somebody else", {"vin": "JTH"})


def test_A6_its_page_of_contents_is_in_the_accounts_language(owner):
    owner.language = "el"
    owner.save(update_fields=["language"])
    archive = opened(write(ask(owner)))
    assert owner.email in archive.read("README.txt").decode("utf-8-sig")
    assert "Τιμολόγια" in archive.read("README.txt").decode("utf-8-sig")


def test_a_cell_that_a_spreadsheet_would_calculate_is_shown_instead(owner):
    change_profile(account=owner, now=make.NOW, by=owner, first_name="=HYPERLINK(1)")
    archive = opened(write(ask(owner)))
    assert "'=HYPERLINK(1)" in archive.read("account.csv").decode()
    assert rows_in(archive, "account")[0]["first_name"] == "=HYPERLINK(1)"


def test_A6_the_customer_is_told_when_it_is_ready(owner, deliver, mailoutbox):
    export = ask(owner)
    deliver()
    notice = Notice.objects.get(account=owner, kind="export_ready")
    assert notice.facts["url"] == f"/en/account/privacy/exports/{export.public_id}/"
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
    assert "17 June 2026" in mailoutbox[0].body


# Asking


def test_A6_it_is_asked_for_only_after_signing_in_again(client, owner):
    client.force_login(owner)
    page = client.post(reverse("exports"))
    assert page["Location"].startswith(reverse("account_reauthenticate"))
    assert not DataExport.objects.exists()
    sign_in_again(client, owner)
    assert client.get(reverse("exports")).status_code == 200
    page = client.post(reverse("exports"))
    assert page["Location"] == reverse("export", args=[DataExport.objects.get().public_id])


def test_A6_one_at_a_time_and_three_a_day(owner):
    first = ask(owner)
    assert ask(owner) == first
    for _ in range(2):
        write(DataExport.objects.get(ready_at__isnull=True))
        ask(owner)
    write(DataExport.objects.get(ready_at__isnull=True))
    assert refusal_code(ask, owner=owner) == "too_many_exports"
    assert ask(owner, now=make.NOW + make.days(1)).pk


def test_A6_the_page_says_that_three_were_enough(client, owner):
    for _ in range(3):
        write(ask(owner))
    sign_in_again(client, owner)
    assert "enough for today" in client.post(reverse("exports"), follow=True).text


def test_A6_the_page_shows_how_far_it_is_and_asks_again_by_itself(client, owner):
    client.force_login(owner)
    export = ask(owner)
    url = reverse("export", args=[export.public_id])
    page = client.get(url)
    assert f"0 of {len(EXPORTERS)} kinds of records" in page.text
    assert "Look again" in page.text
    part = client.get(url, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.text
    assert "<html" not in part.text
    write(export)
    part = client.get(url, headers={"HX-Request": "true"})
    assert "Download the ZIP" in part.text
    assert "hx-get" not in part.text


# Taking


def test_A6_the_owner_downloads_it_after_signing_in_again(client, owner):
    export = write(ask(owner))
    url = reverse("export_zip", args=[export.public_id])
    client.force_login(owner)
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    sign_in_again(client, owner)
    answer = client.get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data-2026-06-10.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert AuditRecord.objects.filter(what="export downloaded", account=owner).count() == 1


def test_A6_a_stranger_finds_neither_the_page_nor_the_file(client, owner, stranger):
    export = write(ask(owner))
    sign_in_again(client, stranger)
    for name in ("export", "export_zip"):
        assert client.get(reverse(name, args=[export.public_id])).status_code == 404


def test_A6_what_is_not_ready_is_not_sent(client, owner):
    export = ask(owner)
    sign_in_again(client, owner)
    page = client.get(reverse("export_zip", args=[export.public_id]), follow=True)
    assert "still being put together" in page.text


def test_A6_after_seven_days_it_is_not_sent_and_the_night_deletes_it(client, owner, files, clock_of_pages):
    export = write(ask(owner))
    assert len(list(files.rglob("*.zip"))) == 1
    clock_of_pages.shift(make.days(7))
    sign_in_again(client, owner)
    page = client.get(reverse("export_zip", args=[export.public_id]), follow=True)
    assert "expired" in page.text
    assert actions.end_exports(now=make.NOW + make.days(7)) == 1
    export.refresh_from_db()
    assert (export.file, list(files.rglob("*.zip"))) == ("", [])
    assert actions.end_exports(now=make.NOW + make.days(8)) == 0


def test_A6_within_seven_days_the_night_deletes_nothing(owner, files):
    write(ask(owner))
    assert actions.end_exports(now=make.NOW + make.days(6)) == 0
    assert len(list(files.rglob("*.zip"))) == 1


# The job


def test_A6_written_twice_it_is_one_file_and_one_notice(owner, files):
    export = ask(owner)
    write(export)
    write(export)
    assert len(list(files.rglob("*.zip"))) == 1
    assert Notice.objects.filter(account=owner, kind="export_ready").count() == 1


def test_A6_a_job_in_other_hands_is_left_alone_until_it_is_silent(owner):
    export = ask(owner)
    actions._claim(export.pk, claim=export.public_id, now=make.NOW)
    with pytest.raises(actions.InOtherHands):
        write(export)
    assert write(export, now=make.NOW + actions.SILENT_FOR).is_ready


def test_A6_a_job_that_failed_leaves_no_file_and_is_done_by_the_next_try(owner, files, monkeypatch):
    export = ask(owner)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_conclude", lambda *arguments, **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(export)
    write(export)
    assert export.is_ready
    assert len(list(files.rglob("*.zip"))) == 1


def test_A6_the_mail_row_of_the_outbox_is_asked_for_once(owner):
    ask(owner)
    ask(owner)
    assert OutboxMessage.objects.filter(handler="data_export").count() == 1


def test_A6_whoever_has_not_accepted_new_terms_may_take_their_data(client, market, owner):
    TermsVersion.objects.create(market=market, version="2026-06", effective_at=make.NOW, texts={"en": "New."})
    sign_in_again(client, owner)
    assert client.get(reverse("garage"))["Location"].startswith(reverse("terms_acceptance"))
    assert client.get(reverse("privacy")).status_code == 200
    assert client.get(reverse("exports")).status_code == 200


def test_A6_memory_stays_flat_however_many_rows_there_are(owner):
    """Ten thousand records: never more than a few pieces of the reading at once."""
    AuditRecord.objects.bulk_create(
        AuditRecord(at=make.NOW, on=make.NOW.date(), what="seen", account=owner, data={"text": "x" * 500})
        for _ in range(10_000)
    )
    export = ask(owner)
    tracemalloc.start()
    write(export)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000, peak
