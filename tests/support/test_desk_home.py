"""K4: the desk's home page says what waits for whoever reads it, and the figures of the day, at a fixed cost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import audit, outbox
from portal.models import OutboxMessage
from portal.roles import load_roles
from subscriptions.actions.work import assign_work_item, open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models import WorkItem
from tests import make
from tests.staff import sign_in_at_the_desk

HOME = "/admin/"


@pytest.fixture
def waiting(owner):
    """Since three days: two disputes, one of them somebody's, and a job that was given up."""
    now = timezone.now() - timedelta(days=3)
    open_work_items([Finding(check="period_paid_once", subject=str(n), text="twice") for n in range(2)], now=now)
    outbox.enqueue("case_files", dedup_key="x", now=now)
    OutboxMessage.objects.update(parked_at=now)
    audit.record("charged", account=owner, by=None, now=timezone.now())


def home_of(client, market, role):
    load_roles()
    account = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
    account.groups.add(Group.objects.get(name=role))
    return sign_in_at_the_desk(client, account).get(HOME).content.decode(), account


def test_K4_finance_sees_work_with_its_owner_and_age_and_the_figures_of_the_day(client, market, waiting):
    words, account = home_of(client, market, "finance")
    assert "3 days ago" in words.replace("\xa0", " ")
    assert "<dt>Charges</dt><dd>1</dd>" in words
    assert "Jobs that failed" not in words
    assign_work_item(item=WorkItem.objects.first(), owner=account, reason="mine", now=timezone.now(), by=account)
    row = client.get(HOME).content.decode().split("kind=period_paid_once")[1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split("<td>")[1:]][-2:] == ["1", "1"]


def test_K4_the_administrator_sees_failed_jobs(client, market, waiting):
    assert "Jobs that failed" in home_of(client, market, "administrator")[0]


@pytest.mark.parametrize("role", ["editor", "dealer"])
def test_K1_others_see_nothing_of_money_there(client, market, waiting, role):
    words, _account = home_of(client, market, role)
    assert "What waits" in words
    assert "Charges" not in words
    assert "period_paid_once" not in words


def test_K4_more_work_is_no_more_queries(client, market, waiting):
    _words, _account = home_of(client, market, "administrator")
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    many = [Finding(check="period_paid_once", subject=f"more {n}", text="twice") for n in range(30)]
    open_work_items(many, now=timezone.now())
    with CaptureQueriesContext(connection) as as_many:
        client.get(HOME)
    assert len(few) == len(as_many)


def test_the_desk_shows_the_clock_of_its_market(client, market, waiting):
    words, _account = home_of(client, market, "finance")
    here = timezone.localtime(timezone.now(), market.zone)
    assert f"{here:%H}:" in words
    assert "Asia/Nicosia" in words
