"""The desk's pages of what staff give: what it brings is shown, then confirmed; who may not is refused (K3, K1)."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.roles import load_roles
from subscriptions.actions.cancel import cancel
from subscriptions.models import Extension, GivingBack
from tests import make
from tests.staff import sign_in_at_the_desk

TOLD = {"told": "We charged too much.", "reason": "call of today"}


@pytest.fixture(autouse=True)
def _today(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def sign_in(client, market):
    load_roles()

    def as_staff(name: str, role: str):
        who = make.account(f"{name}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return as_staff


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def page(row, view: str) -> str:
    return reverse(f"admin:subscriptions_{row._meta.model_name}_{view}", args=[row.pk])


def shown(response) -> str:
    return re.search(r'name="shown" value="([^"]*)"', response.text)[1]


def confirmed(desk, url, **fields):
    """First what it brings, then the same again as it was shown."""
    looked = desk.post(url, fields)
    return looked, desk.post(url, fields | {"shown": shown(looked)}, follow=True)


def test_K3_finance_sees_what_a_refund_brings_before_it_is_done(sign_in, yearly):
    payment = yearly.payments.get()
    desk = sign_in("first", "finance")
    assert page(payment, "giving_back") in desk.get(page(payment, "change")).text
    too_much = desk.post(page(payment, "giving_back"), {"amount": "60.01", **TOLD}).text
    assert "more than what is left" in too_much
    looked, done = confirmed(desk, page(payment, "giving_back"), amount="20.00", **TOLD)
    assert "sent to the card at once" in looked.text
    assert "The refund is on its way" in done.text
    assert GivingBack.objects.get().refund.amount == 20


def test_K3_above_the_limit_another_one_confirms(sign_in, yearly):
    payment = yearly.payments.get()
    desk = sign_in("first", "finance")
    looked, done = confirmed(desk, page(payment, "giving_back"), amount="55.00", **TOLD)
    assert "Somebody else of finance has to confirm" in looked.text
    assert page(payment, "giving_back_confirmation") not in done.text
    desk = sign_in("second", "finance")
    url = page(payment, "giving_back_confirmation")
    mark = shown(desk.get(url))
    assert "on its way" in desk.post(url, {"reason": "checked", "shown": mark}, follow=True).text
    assert GivingBack.objects.get().confirmed_by.email == "second@staff.example.com"


def test_K3_an_agent_extends_and_refunds_nothing(sign_in, car, card, digital_key, gateway, owner, now):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    payment = monthly.payments.get()
    cancel(subscription=monthly, confirmed=None, now=now, by=owner)
    desk = sign_in("agent", "agent")
    assert page(payment, "giving_back") not in desk.get(page(payment, "change")).text
    assert desk.get(page(payment, "giving_back")).status_code == 403
    looked, done = confirmed(desk, page(monthly, "extension"), days="14", **TOLD)
    assert "Without a charge until" in looked.text
    assert "It ends later now" in done.text
    assert Extension.objects.get().days == 14
