"""The desk of rejected refunds: the work list with owner and age, and a bank transfer by two persons (X6, K4)."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.roles import load_roles
from subscriptions.models import BankTransfer, Document, Refund, WorkItem
from tests.garage.cars import make_account
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.customers import REJECTED, Town

NOON = datetime(2026, 5, 30, 9, tzinfo=UTC)


@pytest.fixture
def town(db):
    with time_machine.travel(NOON, tick=False):
        yield Town()


@pytest.fixture
def rejected(town) -> Refund:
    town.live("petros", REJECTED)
    return Refund.objects.get()


@pytest.fixture
def sign_in(client, town):
    load_roles()

    def as_staff(name: str, role: str = "finance"):
        who = make_account(f"{name}@staff.example.com", town.market)
        who.is_staff = True
        who.save(update_fields=["is_staff"])
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return as_staff


def page(row, view: str) -> str:
    return reverse(f"admin:subscriptions_{row._meta.model_name}_{view}", args=[row.pk])


def hidden(desk, url) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(shown)" value="([^"]*)"', desk.get(url).text))


def record(desk, refund, **fields):
    return desk.post(page(refund, "transfer"), {"reference": "SEPA 4711", "reason": "closed"} | fields, follow=True)


def test_K4_the_list_shows_the_refund_its_reason_its_age_and_nobody(sign_in, rejected):
    shown = sign_in("first").get(reverse("admin:subscriptions_workitem_changelist")).text
    assert page(rejected, "change") in shown
    for words in ("Refund rejected", "€66.00, petros@example.com", "gives no reason", "nobody", "2 days"):
        assert words in shown


def test_K4_the_list_is_filtered_by_kind_in_words(sign_in, rejected):
    desk, url = sign_in("first"), reverse("admin:subscriptions_workitem_changelist")
    WorkItem.objects.create(kind="period_dates", subject="p", opened_at=NOON)
    assert '<a href="?kind=refund_rejected">Refund rejected</a>' in re.sub(r"\s+", " ", desk.get(url).text)
    only = desk.get(url, {"kind": "period_dates"}).text
    assert "1 work item" in only
    assert page(rejected, "change") not in only


def test_K4_the_list_asks_as_often_for_many_as_for_one(sign_in, rejected, django_assert_num_queries):
    desk, url = sign_in("first"), reverse("admin:subscriptions_workitem_changelist")
    desk.get(url)
    item = WorkItem.objects.get()
    copies = [WorkItem(kind="x", subject=str(n), refund=item.refund, opened_at=NOON) for n in range(5)]
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    WorkItem.objects.bulk_create(copies)
    with django_assert_num_queries(len(one)):
        desk.get(url)


def test_K4_an_item_is_given_to_one_of_those_who_may_work_on_it(sign_in, rejected):
    sign_in("agent", "agent")
    desk, item = sign_in("first"), WorkItem.objects.get()
    asked = desk.get(page(item, "assignment")).text
    assert "first@staff.example.com" in asked
    assert "agent@staff.example.com" not in asked
    me = re.search(r'<option value="(\d+)" selected>first', asked)[1]
    answer = desk.post(page(item, "assignment"), {"owner": me, "reason": ""}, follow=True).text
    assert "The work item has its owner." in answer
    assert "Refund rejected" in desk.get(reverse("admin:subscriptions_workitem_changelist"), {"owner": "me"}).text
    assert "0 work items" in desk.get(reverse("admin:subscriptions_workitem_changelist"), {"owner": "nobody"}).text


def test_X6_an_item_that_closes_by_itself_has_no_button_to_close_it(sign_in, rejected):
    desk, item = sign_in("first"), WorkItem.objects.get()
    assert page(item, "closing") not in desk.get(page(item, "change")).text
    assert "closes by itself" in desk.get(page(item, "closing"), follow=True).text


def test_X6_the_first_records_it_and_the_second_confirms_it(sign_in, rejected):
    desk = sign_in("first")
    assert "Somebody else has to confirm it." in record(desk, rejected).text
    assert page(rejected, "transfer_confirmation") not in desk.get(page(rejected, "change")).text
    refused = desk.get(page(rejected, "transfer_confirmation"), follow=True).text
    assert "You recorded this transfer yourself." in refused
    other = sign_in("second")
    url = page(rejected, "transfer_confirmation")
    assert "SEPA 4711" in other.get(url).text
    done = other.post(url, {"reason": "on the statement"} | hidden(other, url), follow=True).text
    assert "booked as paid by bank transfer" in done
    assert "paid back by bank transfer, reference SEPA 4711" in done
    assert Document.objects.filter(kind="credit_note").count() == 1


def test_X10_another_transfer_than_was_shown_is_looked_at_first(sign_in, rejected):
    record(sign_in("first"), rejected)
    desk, url = sign_in("second"), page(rejected, "transfer_confirmation")
    shown = hidden(desk, url)
    drop = page(rejected, "transfer_dropping")
    assert "is dropped" in desk.post(drop, {"reason": "typo"} | hidden(desk, drop), follow=True).text
    record(sign_in("third"), rejected, reference="SEPA 4712")
    again = sign_in("fourth").post(url, {"reason": "seen"} | shown)
    assert "SEPA 4712" in again.text
    assert (
        str(BankTransfer.objects.latest("pk").pk)
        in dict(re.findall(r'name="(shown)" value="(\d+)"', again.text)).values()
    )
    assert not Document.objects.filter(kind="credit_note").exists()


def test_W1_a_card_number_as_reference_is_refused_and_the_reason_is_kept(sign_in, rejected):
    answer = record(sign_in("first"), rejected, reference="4242 4242 4242 4242", reason="her card was closed").text
    assert "looks like a card number" in answer
    assert "her card was closed" in answer
    assert not BankTransfer.objects.exists()


@pytest.mark.parametrize("noun", ["transfer", "transfer_confirmation", "transfer_dropping"])
def test_K1_an_agent_settles_nothing(sign_in, rejected, noun):
    assert sign_in("agent", "agent").get(page(rejected, noun)).status_code == 403
