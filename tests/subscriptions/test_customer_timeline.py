"""One timeline of a customer from all ledgers (K2): in words, with filters, page by page, at the same cost."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.customer_timeline import A_PAGE, LINES
from portal.audit import record
from portal.models import StaffRead
from tests.subscriptions.customers import CANCELLED, Town
from tests.support.cases import centre, opened, staff

NOON = datetime(2026, 5, 30, 9, tzinfo=UTC)
# Of the whole portal or of staff's own work: no customer's timeline has them.
NOT_OF_CUSTOMERS = {
    *("article_begun", "article_changed", "article_draft_discarded", "article_draft_saved", "cases forgotten"),
    "evidence forgotten",
    # Of no act: of the trail itself.
    "trail blanked",
    *(
        "catalogue in force",
        "catalogue loaded",
        "desk searched",
        "list exported",
        "documents blanked",
        "incident changed",
        "incident written",
        "manual changed",
    ),
    *("manual published", "messages not confirmed", "notices forgotten", "package discontinued", "price announced"),
    *("recording_added", "recording_removed", "reports forgotten", "same_words_changed", "terms_draft_discarded"),
    *("terms_draft_saved", "terms_published", "trips forgotten", "workshop bays kept", "workshop closed days kept"),
    *("article_placed", "article_put_up", "article_taken_down", "audit exported", "desk refused", "staff begun"),
    *("service record taken", "staff ended", "staff invitation taken back", "staff invited"),
    *("webhook secret changed", "workshop hours kept", "workshop staff kept", "workshop work kept"),
}


@pytest.fixture
def town(db):
    with time_machine.travel(NOON, tick=False):
        yield Town()


@pytest.fixture
def anna(town):
    account = town.live("anna", CANCELLED)
    centre(town.market)
    return account


def lines(client, account, **query):
    answer = client.get(reverse("admin:accounts_account_timeline", args=[account.pk]), query)
    assert answer.status_code == 200
    return answer.context["entries"]


def test_K2_the_timeline_tells_of_every_ledger_in_words(client, town, anna):
    opened(anna, category="billing", now=NOON)
    who = staff(client, town.market, "agent")
    said = [(line.what.rpartition("</a>")[0].rpartition(">")[2] or line.what, line.by) for line in lines(client, anna)]
    assert ("Charged €99.00", "the portal itself") in said
    assert ("Cancelled", "the customer") in said
    assert ("Document CN-CY-2026-000001", "the portal itself") in said
    assert {"Case opened", "Car added", "Customer told", "Terms of Use accepted"} <= {what for what, _by in said}
    assert StaffRead.objects.filter(account=anna, by=who, subject_type="accounts.account").exists()


def test_D1_what_staff_read_is_a_filter_with_roles_for_agents_and_names_for_administrators(client, town, anna):
    staff(client, town.market, "agent")
    client.get(reverse("admin:accounts_account_change", args=[anna.pk]))
    assert [(line.what, line.by) for line in lines(client, anna, kind="read", since="2026-05-30")] == [
        (f'<a href="/admin/accounts/account/{anna.pk}/change/">Read: account</a>', "agent")
    ]
    assert lines(client, anna, kind="read", by="customer") == lines(client, anna, kind="read", until="2026-05-29") == []
    for last in ("2026-05-30", "9999-12-31"):
        assert len(lines(client, anna, kind="read", until=last)) == 1
    staff(client, town.market, "administrator")
    assert lines(client, anna, kind="read")[0].by == "agent@staff.example.com"


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ({"kind": "money"}, "Charged €99.00", "Car added"),
        ({"kind": "messages"}, "Customer told", "Charged €99.00"),
        ({"by": "customer"}, "Cancelled", "Charged €99.00"),
        ({"by": "portal"}, "Charged €99.00", "Cancelled"),
        ({"since": "2026-05-01"}, "Cancelled", "Charged €99.00"),
        ({"until": "2026-05-01"}, "Charged €99.00", "Cancelled"),
        ({"car": "own"}, "Charged €99.00", "Terms of Use accepted"),
        ({"kind": "nonsense", "since": "x"}, "Charged €99.00", "nothing is left out"),
    ],
)
def test_K2_the_timeline_is_filtered(client, town, anna, query, inside, outside):
    staff(client, town.market, "agent")
    if "car" in query:
        query = {"car": anna.memberships.get().vehicle_id}
    said = " ".join(line.what for line in lines(client, anna, **query))
    assert (inside in said, outside in said) == (True, False)


def test_the_timeline_goes_on_page_by_page_and_costs_the_same(client, town, anna):
    staff(client, town.market, "agent")
    lines(client, anna)
    with CaptureQueriesContext(connection) as few:
        first = lines(client, anna)
    for _time in range(2 * A_PAGE):
        record("signed_in", account=anna, by=anna, now=NOON)
    with CaptureQueriesContext(connection) as many:
        newest = lines(client, anna)
    assert len(newest) == A_PAGE
    assert len(many) <= len(few)
    url = reverse("admin:accounts_account_timeline", args=[anna.pk])
    pages, older = 1, client.get(url).context["older"]
    while older:
        page = client.get(url + older).context
        pages, older, last = pages + 1, page["older"], page["entries"]
    assert pages == 3
    assert last[-1].what == first[-1].what


def test_K1_who_may_not_read_the_trail_has_no_timeline(client, town, anna):
    staff(client, town.market, "editor")
    url = reverse("admin:accounts_account_timeline", args=[anna.pk])
    assert client.get(url).status_code == 403


def test_every_record_about_a_customer_has_its_words():
    """What the code writes into the trail by a literal name; names that are put together are tried in their tests."""
    written = set()
    for app in ("accounts", "garage", "subscriptions", "support", "portal"):
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for call in (each for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Call)):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                if name in {"record", "unsaved", "_record", "_note"} and call.args:
                    constants = (each.value for each in ast.walk(call.args[0]) if isinstance(each, ast.Constant))
                    written |= {each for each in constants if isinstance(each, str) and "{" not in each}
    written -= {"car ", "control ", "map update ", " "}
    assert written - LINES.keys() - NOT_OF_CUSTOMERS == set()
