"""The audit trail: nobody changes it, administrators read and export it, and who was refused stands in it (K1, K3)."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import audit
from portal.desk.reads import note_read
from portal.desk.site import REFUSALS_NOTED_AN_HOUR
from portal.models import AuditRecord, StaffRead
from tests import make
from tests.refusing import assert_append_only
from tests.staff import sign_in_at_the_desk

NOW = make.NOW
LIST = reverse("admin:portal_auditrecord_changelist")
EXPORT = reverse("admin:portal_auditrecord_export")


def staff(market, role):
    made = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
    made.groups.add(Group.objects.get(name=role))
    return made


@pytest.fixture
def desk(client, market):
    with time_machine.travel(NOW, tick=True):
        yield sign_in_at_the_desk(client, staff(market, "administrator"))


def test_the_database_lets_nobody_change_delete_or_empty_the_audit_not_even_its_owner(owner, stranger):
    note_read(subject=owner, accounts=[owner.pk], by=stranger, now=NOW)
    assert_append_only(audit.record("tried", account=owner, by=owner, now=NOW))
    assert_append_only(StaffRead.objects.get())
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'portal_auditrecord'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("portal_auditrecord", "portal_staffread"):
            with pytest.raises(ProgrammingError, match="Cannot truncate"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table}")


def test_K3_the_list_is_filtered_by_account_by_who_did_it_by_kind_and_by_day(desk, owner, stranger):
    audit.record("first act", account=owner, by=stranger, now=NOW)
    audit.record("second act", account=stranger, by=owner, now=NOW - timedelta(days=2))
    shown = {
        query: {record.what for record in desk.get(f"{LIST}?{query}").context["cl"].result_list}
        & {"first act", "second act"}
        for query in (
            f"account={owner.email}",
            f"by={owner.email.upper()}",
            "what=first act",
            "day=2026-06-08",
            "account=nobody@example.com",
            "day=never",
            f"account={owner.email}&day=2026-06-10",
        )
    }
    assert list(shown.values()) == [
        {"first act"},
        {"second act"},
        {"first act"},
        {"second act"},
        set(),
        set(),
        {"first act"},
    ]
    page = desk.get(f"{LIST}?day=2026-06-10").content.decode()
    assert '<input type="hidden" name="day" value="2026-06-10">' in page


def test_the_list_is_found_by_index_whatever_is_asked(desk, owner):
    """Of every statement of the page the planner is asked, with whole-table scans made dear: none is left."""
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"{LIST}?account={owner.email}")
        desk.get(f"{LIST}?by={owner.email}&what=registered")
        desk.get(f"{LIST}?day=2026-06-10")
        desk.get(LIST)
    statements = [
        query["sql"] for query in asked if "portal_auditrecord" in query["sql"] and "INSERT" not in query["sql"]
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on portal_auditrecord" not in plan, statement


def read(answer):
    return b"".join(answer.streaming_content).decode()


def test_K3_an_administrator_exports_a_period_and_that_is_on_record(desk, owner):
    audit.record("=cmd", account=owner, by=owner, now=NOW, price="9.90")
    audit.record("before", account=owner, by=None, now=NOW - timedelta(days=9))
    days = {"first": "2026-06-10", "last": "2026-06-10"}
    rows = list(csv.DictReader(io.StringIO(read(desk.post(EXPORT, days | {"form": "csv"})))))
    [mine] = [row for row in rows if row["what"] == "'=cmd"]
    assert (mine["account"], json.loads(mine["data"])) == (str(owner.public_id), {"price": "9.90"})
    assert "before" not in {row["what"] for row in rows}
    lines = [json.loads(line) for line in read(desk.post(EXPORT, days | {"form": "jsonl"})).splitlines()]
    assert [line["what"] for line in lines[:-1]] == [row["what"].lstrip("'") for row in rows]
    assert lines[-1]["what"] == "audit exported"
    assert AuditRecord.objects.filter(what="audit exported", data__format="csv").count() == 1


def test_K3_an_export_is_bounded_read_in_pieces_and_no_agents(desk, client, market, monkeypatch):
    assert desk.get(EXPORT).status_code == 200
    for last in ("2027-06-11", "2026-06-09"):
        wrong = desk.post(EXPORT, {"first": "2026-06-10", "last": last, "form": "csv"})
        assert "a year at most" in wrong.content.decode()
    monkeypatch.setattr("portal.desk.audit_export.AT_A_TIME", 2)
    sent = {"first": "2026-06-10", "last": "2026-06-10", "form": "csv"}
    assert len(read(desk.post(EXPORT, sent)).splitlines()) == AuditRecord.objects.count() + 1
    agent = sign_in_at_the_desk(client, staff(market, "agent"))
    assert agent.get(LIST).status_code == 403
    assert agent.post(EXPORT, sent).status_code == 403


def test_K1_who_is_refused_at_the_desk_is_on_record_a_few_times_an_hour(client, market):
    with time_machine.travel(datetime(2026, 6, 10, 9, 5, tzinfo=UTC), tick=True):
        editor = staff(market, "editor")
        desk = sign_in_at_the_desk(client, editor)
        for _try in range(REFUSALS_NOTED_AN_HOUR + 2):
            assert desk.get(reverse("admin:accounts_account_changelist")).status_code == 403
        assert desk.post(EXPORT, {"first": "2026-06-10"}).status_code == 403
        assert desk.get(reverse("admin:garage_manual_changelist")).status_code == 200
    found = AuditRecord.objects.filter(what="desk refused", by=editor)
    assert [record.data for record in found.order_by("pk")] == [
        *[{"page": "accounts_account_changelist", "method": "GET"}] * REFUSALS_NOTED_AN_HOUR,
        {"page": "portal_auditrecord_export", "method": "POST"},
    ]
