"""Rows of the desk: as many queries for a row about which there is much as for one about which there is little (K2)."""

from decimal import Decimal

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from garage.actions.correct_facts import correct_facts
from garage.actions.dealer_staff import invite_staff
from garage.models import Membership, Workshop
from subscriptions.actions.giving_back import give_back
from subscriptions.models import Package, Subscription
from subscriptions.rules.giving_back import Kind
from support.actions.cases import answer, hand_over, reply
from support.models import Case
from tests import make
from tests.meta.desk import row_of
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.histories import invoice_more
from tests.support.cases import opened


@pytest.fixture
def chief(estate):
    return make.account("chief@desk.example.com", market=estate.owner.market, is_staff=True, is_superuser=True)


def more_of_the_money(subscription, gateway, *, by, numbers):
    paid = subscription.payments.earliest("period_index")
    invoice_more(subscription, len(numbers))
    for number in numbers:
        given = {"amount": Decimal(1), "told": "Sorry.", "reason": f"Ticket {number}"}
        give_back(payment=paid, kind=Kind.WRONG_CHARGE, **given, now=make.NOW, by=by)
        make.card(subscription.account, gateway=gateway, nth=number + 1)


def more_of_the_car(car, *, by, numbers):
    for number in numbers:
        other = make.account(f"beside{number}@example.com", market=car.account.market)
        make.verified(other, car.vehicle)
        make.service_entry(car, odometer_km=20_000 + number)
        facts = {"model": f"Another {number}"}
        correct_facts(vehicle=car.vehicle, facts=facts, evidence="Papers", reason="Wrong", now=make.NOW, by=by)


def more_of_the_customer(owner, package, gateway, *, by, numbers):
    case = Case.objects.earliest("pk")
    for number in numbers:
        make.subscription(make.active_car(owner, 20 + number), package=package, gateway=gateway)
        opened(owner)
        reply(case=case, text=f"And {number}?", uploads=[], now=make.NOW, by=owner)
        answer(case=case, text="So it is.", now=make.NOW, by=by)
        hand_over(case=case, owner=by, reason="Mine", now=make.NOW, by=by)


def more_at_the_dealer(*, by, numbers):
    for number in numbers:
        email = f"mechanic{number}@example.com"
        invite_staff(workshop=Workshop.objects.get(), email=email, is_manager=False, now=make.NOW, by=by)


def queries_of_rows(client):
    counted = {}
    for page in admin.site._registry.values():
        name = f"{page.opts.app_label}_{page.opts.model_name}_change"
        if not page.model._base_manager.exists():
            continue
        with CaptureQueriesContext(connection) as captured:
            answered = client.get(reverse(f"admin:{name}", args=[row_of(name)]))
        # Of two tables a page lists a part.
        if answered.status_code == 200:
            counted[name] = len(captured)
    return counted


def test_K2_no_row_of_the_desk_asks_more_often_for_more_about_it(estate, gateway, chief):
    client = sign_in_at_the_desk(Client(), chief)
    subscription = Subscription.objects.get(public_id=estate.subscription)
    car, package = Membership.objects.get(public_id=estate.car), Package.objects.get(code=estate.package)

    def counted_with(**more):
        more_of_the_money(subscription, gateway, **more)
        more_of_the_car(car, **more)
        more_of_the_customer(estate.owner, package, gateway, **more)
        more_at_the_dealer(**more)
        return queries_of_rows(client)

    with time_machine.travel(make.NOW, tick=False):
        little, much = counted_with(by=chief, numbers=[0]), counted_with(by=chief, numbers=[1, 2, 3])
    assert len(little) > 40
    assert {name: (little[name], count) for name, count in much.items() if count > little[name]} == {}
