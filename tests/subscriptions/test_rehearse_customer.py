"""Rehearsing for a customer: the real actions from the real state, to any day, and nothing kept (K2, S13)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.urls import reverse

from portal.models import AuditRecord
from subscriptions.admin.rehearsal import told
from subscriptions.models import NumberSeries, Subscription
from subscriptions.rehearsal import customer
from subscriptions.rehearsal.customer import Act, Question, rehearse
from subscriptions.what_if import what_if
from tests.subscriptions.customers import Town, event
from tests.support.cases import staff

NOW = datetime(2026, 5, 30, 9, tzinfo=UTC)
TODAY = date(2026, 5, 30)
MONTHLY = (
    event("add card", card="gold", brand="visa"),
    event("subscribe", package="navigation", term="monthly"),
)


@pytest.fixture
def town(db):
    with time_machine.travel(NOW, tick=False):
        yield Town()


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """However slow the machine is just now, a test's days are played to the end."""
    monkeypatch.setattr(customer, "MOST_SECONDS", 600)


@pytest.fixture
def yearly(town):
    return Subscription.objects.get(account=town.live("anna"))


def play(row, act, *, until, on=TODAY, plan=None, now=NOW):
    question = Question(act=act, on=on, until=until, plan=plan)
    return rehearse(subscription=row, question=question, in_words=told, now=now, by=row.account)


def said(rehearsed):
    return [(line.on, line.what) for line in rehearsed.lines]


def everything():
    """Every row of every table but the trail, in which it stands that somebody looked."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model is not AuditRecord]
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor, table):
    cursor.execute(f'SELECT md5(string_agg(kept::text, chr(10) ORDER BY kept::text)) FROM "{table}" AS kept')
    return cursor.fetchone()[0]


@pytest.mark.parametrize("act", [Act.NOTHING, Act.CANCEL, Act.REMOVE, Act.DECLINED, Act.WITHDRAW])
def test_nothing_is_kept_but_that_somebody_looked(yearly, town, act):
    before, trail = everything(), AuditRecord.objects.count()
    play(yearly, act, until=date(2027, 6, 1))
    assert everything() == before
    assert AuditRecord.objects.count() == trail + 1
    assert AuditRecord.objects.latest("pk").what == "rehearsed"
    assert NumberSeries.objects.get(kind="invoice").last_number == 1


def test_what_would_happen_if_nothing_is_done(yearly):
    lines = said(play(yearly, Act.NOTHING, until=date(2027, 3, 1)))
    assert (date(2027, 2, 10), "Charged €99.00") in lines
    assert (date(2027, 2, 10), "Invoice") in lines
    assert (date(2027, 2, 3), "Customer told") in lines


def test_what_is_rehearsed_is_what_the_what_if_page_says(yearly):
    on = date(2026, 8, 1)
    foretold = what_if(yearly, on=on, now=NOW).cancellation
    rehearsed = play(yearly, Act.CANCEL, on=on, until=date(2027, 3, 1))
    cancelled = next(line for line in rehearsed.lines if line.what == "Cancelled")
    assert cancelled.on == on
    assert f"refund €{foretold.refund}" in cancelled.details
    assert said(rehearsed)[-1][0] == foretold.ends_on
    assert (on, "Refunded €49.50") in said(rehearsed)


def test_a_card_that_is_declined_from_then_on_ends_it_in_three_days(yearly):
    rehearsed = play(yearly, Act.DECLINED, until=date(2027, 3, 1))
    declined = [line.on for line in rehearsed.lines if line.what == "Charge declined"]
    assert declined == [date(2027, 2, 10), date(2027, 2, 11), date(2027, 2, 12)]
    assert (date(2027, 2, 12), "Ended") in said(rehearsed)


def test_a_car_that_is_removed_ends_what_runs_on_it_at_once(yearly):
    lines = said(play(yearly, Act.REMOVE, until=TODAY))
    assert {"Ended", "Refunded €66.00", "Credit note", "Car removed"} <= {what for _on, what in lines}


def test_what_the_rules_forbid_is_answered_with_their_sentence(yearly):
    assert "fourteen days" in play(yearly, Act.WITHDRAW, until=TODAY).refused


def test_it_is_bounded(town, monkeypatch):
    row = Subscription.objects.get(account=town.live("petros", MONTHLY))
    monkeypatch.setattr(customer, "MOST_LINES", 12)
    rehearsed = play(row, Act.NOTHING, until=date(2031, 5, 1))
    assert rehearsed.stopped_on < date(2026, 12, 1)
    monkeypatch.setattr(customer, "MOST_SECONDS", -1)
    assert play(row, Act.NOTHING, until=date(2031, 5, 1)).stopped_on == TODAY


def test_only_the_customers_own_rows_are_played(yearly, town):
    town.live("petros", MONTHLY, number=2)
    rehearsed = play(yearly, Act.NOTHING, until=date(2026, 9, 1))
    assert said(rehearsed) == []


def test_the_desk_plays_it_for_those_who_may_operate(client, town, yearly):
    url = reverse("admin:subscriptions_subscription_rehearsal", args=[yearly.pk])
    staff(client, town.market, "agent")
    assert "What happens if" in client.get(url).text
    plan = yearly.package.plans.get(term="monthly")
    fields = {"act": "term", "plan": plan.pk, "on": "2026-05-30", "until": "2027-03-01"}
    page = client.post(url, fields).text
    assert "Change of term planned" in page
    assert AuditRecord.objects.get(what="rehearsed").by.email == "agent@staff.example.com"
    for wrong in ({"plan": ""}, {"until": "2026-05-29"}, {"until": "2036-01-01"}, {"on": "2020-01-01"}):
        assert client.post(url, fields | wrong).context["rehearsed"] is None


def test_K1_who_may_not_operate_may_not_play(client, town, yearly):
    staff(client, town.market, "editor")
    url = reverse("admin:subscriptions_subscription_rehearsal", args=[yearly.pk])
    assert client.get(url).status_code == 403
