"""Evidence of what staff decide: by its content a picture or PDF, downloaded by who may see it, on record (V3, K3)."""

import re

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from portal.models import AuditRecord, OutboxMessage, StaffRead
from support.actions.evidence import forget_evidence
from support.models import Evidence
from support.rules.attachments import MOST_FILES_OF_A_CASE
from tests import make
from tests.support.cases import pdf, picture, staff

NOW = make.NOW
NOTE = {"note": "contract of sale, signed by both"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def staffed(client, market, role):
    staff(client, market, role)
    return client


def row_page(car) -> str:
    return reverse("admin:garage_vehicle_change", args=[car.vehicle_id])


def attach(desk, car, *files):
    """By the button of the row's own page."""
    url = re.search(r'href="([^"]*evidence/new[^"]*)"', desk.get(row_page(car)).text)[1].replace("&amp;", "&")
    assert desk.get(url).status_code == 200
    return desk.post(url, NOTE | {"owner": car.account_id, "files": files})


def test_V3_a_paper_is_attached_seen_beside_the_row_and_downloaded_on_record(clock, market, car, client):
    desk = staffed(client, market, "agent")
    assert attach(desk, car, pdf(), picture())["Location"] == row_page(car)
    page = desk.get(row_page(car)).text
    assert NOTE["note"] in page
    url = re.search(r'href="([^"]*/file/)"', page)[1]
    answer = desk.get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == ("nosniff", True)
    kept = Evidence.objects.order_by("-pk").first()
    taken = AuditRecord.objects.get(what="evidence taken")
    assert (taken.account, taken.by.email, taken.subject_id) == (car.account, "agent@staff.example.com", kept.pk)
    assert StaffRead.objects.filter(subject_type="support.evidence", account=car.account).count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(note="another one")


def test_what_is_no_picture_or_paper_is_refused_whatever_it_is_called(clock, market, car, client):
    desk = staffed(client, market, "agent")
    said = attach(desk, car, SimpleUploadedFile("contract.pdf", b"<script>alert(1)</script>")).text
    assert "pictures (JPEG, PNG, WebP) and PDF" in said
    assert NOTE["note"] in said
    assert "required" in attach(desk, car).text
    assert not Evidence.objects.exists()


def test_a_row_holds_as_many_files_as_a_case(clock, market, car, client):
    desk = staffed(client, market, "agent")
    facts = {"subject_type": "garage.vehicle", "subject_id": car.vehicle_id, "account": car.account, "size": 1}
    Evidence.objects.bulk_create(
        Evidence(**facts, name="a.pdf", path=str(number), at=NOW, by=car.account)
        for number in range(MOST_FILES_OF_A_CASE)
    )
    assert "as many files as it can" in attach(desk, car, picture()).text


def test_K1_nobody_attaches_or_takes_what_the_page_would_not_show(clock, market, car, client):
    assert attach(staffed(client, market, "agent"), car, picture()).status_code == 302
    taken = reverse("admin:support_evidence_file", args=[Evidence.objects.get().pk])
    new = reverse("admin:support_evidence_new")
    assert client.get(f"{new}?of=accounts.account&row={car.account_id}").status_code == 404
    assert client.get(f"{new}?of=garage.vehicle&row=99999").status_code == 404
    for role in ("dealer", "editor"):
        desk, asked = staffed(client, market, role), (taken, f"{new}?of=garage.vehicle&row={car.vehicle_id}")
        assert [desk.get(url).status_code for url in asked] == [403, 403]


def test_it_is_forgotten_with_its_file_when_its_time_is_over(clock, market, car, client):
    attach(staffed(client, market, "agent"), car, picture())
    path = Evidence.objects.get().path
    assert forget_evidence(now=NOW + make.days(300)) == 0
    assert forget_evidence(now=NOW + make.days(1500)) == 1
    assert not Evidence.objects.exists()
    assert OutboxMessage.objects.get(handler="case_files").payload == {"paths": [path]}
    assert default_storage.exists(path)
