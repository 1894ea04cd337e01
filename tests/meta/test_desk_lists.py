"""Lists of the desk: as many queries for many rows as for one, and the rows as a file for those who may have it."""

import csv
import io

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.desk.export import ExportsList
from portal.models import AuditRecord
from tests import make
from tests.staff import sign_in_at_the_desk

LISTS = {"accounts_account", "support_failedsearch"}
MAY_EXPORT = {
    "agent": set(),
    "dealer": set(),
    "editor": {"support_failedsearch"},
    "finance": {"accounts_account"},
    "administrator": LISTS,
}


def address(page, noun="changelist"):
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{noun}")


def at_the_desk(market, role=""):
    facts = {"is_superuser": True} if not role else {}
    who = make.account(f"{role or 'chief'}@desk.example.com", market=market, is_staff=True, **facts)
    who.groups.set(Group.objects.filter(name=role))
    return sign_in_at_the_desk(Client(), who)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200, url
    return len(captured)


def test_K2_no_list_asks_the_database_row_by_row(estate, monkeypatch):
    chief = at_the_desk(estate.owner.market)
    pages = [page for page in admin.site._registry.values() if page.model._base_manager.count() > 1]
    assert len(pages) > 15
    growing = {}
    for page in pages:
        counts = []
        for most in (1, 100):
            monkeypatch.setattr(page, "list_per_page", most)
            counts.append(queries_of(chief, address(page)))
        if counts[1] > counts[0]:
            growing[str(page)] = counts
    assert growing == {}


def test_K2_what_a_list_shows_is_exported_as_it_is_filtered_and_on_record(estate):
    chief = at_the_desk(estate.owner.market)
    listed = reverse("admin:accounts_account_changelist")
    assert "Export these rows" in chief.get(listed, {"q": "owner@"}).content.decode()
    answer = chief.get(reverse("admin:accounts_account_listing"), {"q": "owner@"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[0].lower() for row in rows] == ["e-mail address", "owner@example.com"]
    record = AuditRecord.objects.get(what="list exported")
    assert record.data == {"list": "accounts.account", "filters": ["q"]}


def test_K1_each_role_exports_what_it_may_see_and_export(estate):
    """Administrators every list; agents and dealers none; finance and editors their own."""
    chief = at_the_desk(estate.owner.market)
    for page in admin.site._registry.values():
        if isinstance(page, ExportsList):
            answer = chief.get(address(page, "listing"))
            assert (str(page), answer.status_code) == (str(page), 200)
            assert b"<" not in b"".join(answer.streaming_content), page
    for role, may in MAY_EXPORT.items():
        client = at_the_desk(estate.owner.market, role)
        answers = {name for name in LISTS if client.get(reverse(f"admin:{name}_listing")).status_code == 200}
        assert (role, answers) == (role, may)
