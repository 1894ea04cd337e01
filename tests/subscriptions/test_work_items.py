"""The work list: a finding is open once, is closed with a reason, and is opened anew if it is found again."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.models import AuditRecord
from portal.refusals import Refusal
from portal.roles import load_roles
from subscriptions.actions.work import close_work_item, open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models import WorkItem
from tests import make
from tests.staff import sign_in_at_the_desk

FOUND = Finding(check="period_paid_once", subject="CY-2024-000001", text="twice")


@pytest.fixture
def finance(owner):
    owner.is_staff = owner.is_superuser = True
    owner.save(update_fields=["is_staff", "is_superuser"])
    return owner


@pytest.fixture
def item(finance, now):
    open_work_items([FOUND], now=now)
    return WorkItem.objects.get()


def test_the_same_finding_is_open_once_however_many_nights_find_it(item, now):
    assert open_work_items([FOUND, FOUND], now=now + make.days(1)) == 2
    assert WorkItem.objects.get().opened_at == now


def test_a_finding_that_comes_back_after_it_was_closed_is_opened_anew(item, finance, now):
    close_work_item(item=item, reason="mended", now=now, by=finance)
    open_work_items([FOUND], now=now + make.days(1))
    assert [each.is_open for each in WorkItem.objects.order_by("pk")] == [False, True]


def test_an_item_is_closed_once_and_the_reason_is_kept(item, finance, now):
    close_work_item(item=item, reason="the bank confirmed it", now=now, by=finance)
    with pytest.raises(Refusal, match="closed this work item already"):
        close_work_item(item=item, reason="again", now=now, by=finance)
    record = AuditRecord.objects.get(what="work item closed")
    assert (record.by, record.data["reason"]) == (finance, "the bank confirmed it")


def test_thousands_of_findings_are_opened_in_batches(db, now, django_assert_num_queries):
    findings = [Finding(check="numbers_without_gap", subject=str(number), text="gap") for number in range(2500)]
    with django_assert_num_queries(3):
        open_work_items(findings, now=now)
    assert WorkItem.objects.count() == 2500


def test_staff_close_an_item_by_a_button_that_asks_for_the_reason(client, item, finance):
    sign_in_at_the_desk(client, finance)
    shown = reverse("admin:subscriptions_workitem_change", args=[item.pk])
    closing = reverse("admin:subscriptions_workitem_closing", args=[item.pk])
    assert closing in client.get(shown).content.decode()
    client.post(closing, {"reason": ""})
    assert WorkItem.objects.get().is_open
    answer = client.post(closing, {"reason": "paid back by hand"}, follow=True).content.decode()
    assert "The work item is closed." in answer
    assert "owner@example.com: paid back by hand" in answer
    assert closing not in answer
    assert "has closed this work item already" in client.get(closing, follow=True).content.decode()


@pytest.mark.parametrize(("role", "may"), [("finance", True), ("administrator", True), ("agent", False)])
def test_K1_the_work_list_is_that_of_finance(client, item, stranger, role, may):
    load_roles()
    stranger.is_staff = True
    stranger.save(update_fields=["is_staff"])
    stranger.groups.add(Group.objects.get(name=role))
    sign_in_at_the_desk(client, stranger)
    client.post(reverse("admin:subscriptions_workitem_closing", args=[item.pk]), {"reason": "mended"})
    assert WorkItem.objects.get().is_open is not may


def test_the_list_shows_what_is_open(client, item, finance, now):
    close_work_item(item=item, reason="mended", now=now, by=finance)
    sign_in_at_the_desk(client, finance)
    page = reverse("admin:subscriptions_workitem_changelist")
    shown = {state: client.get(page, {"state": state}).content.decode() for state in ("open", "closed")}
    assert ("CY-2024-000001" in shown["open"], "CY-2024-000001" in shown["closed"]) == (False, True)
