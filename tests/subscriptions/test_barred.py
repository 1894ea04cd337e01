"""K7 from end to end: code shown, typed, address changed, confirmed; money, control and export wait for 72 hours."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actions.caller_acts import bar
from accounts.actions.copies import ask_for_copies
from accounts.actions.export import ask_for_export
from accounts.models import Account, Notice
from garage.actions.downloads import note_download
from garage.actions.drivers import invite_driver
from garage.models import Membership
from portal.models import OutboxMessage
from subscriptions.actions.accountants import invite_accountant
from subscriptions.actions.bundle import bundle_year
from subscriptions.actions.cancel import cancel
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.offer_control import offer_control
from subscriptions.actions.subscribe import subscribe
from subscriptions.actions.wallet import begin_adding_card, make_primary, remove_card
from subscriptions.models import Plan
from tests import make
from tests.refusing import refusal_code
from tests.support.cases import staff

HOURS = timedelta(hours=1)


@pytest.fixture
def barred(owner, car, card, digital_key, gateway, now) -> Account:
    """With a car, a card and something to cancel, from before."""
    make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    bar(owner, now=now)
    return owner


def acts(account, card, gateway, plan):
    """What is barred, each to be called with the moment."""
    car = Membership.objects.select_related("account", "vehicle").get(account=account)
    of_car = {"membership": car, "by": account}
    order = {"account": account, "vehicle": car.vehicle, "plan": plan, "order_key": uuid4(), "order_text": "Order"}
    mail = {"email": "friend@example.com", "by": account}
    return {
        "order": partial(subscribe, **order, by=account, gateway=gateway),
        "add a card": partial(begin_adding_card, account=account, next_path="", return_url=str, gateway=gateway),
        "primary card": partial(make_primary, card=card, by=account),
        "remove a card": partial(remove_card, card=card, by=account),
        "hand over control": partial(offer_control, membership=car, confirmed=None, **mail),
        "remove the car": partial(remove_vehicle, confirmed=None, **of_car),
        "invite a driver": partial(invite_driver, membership=car, last_on=None, **mail),
        "invite an accountant": partial(invite_accountant, owner=account, vehicles=None, **mail),
        "send copies": partial(ask_for_copies, account=account, **mail),
        "export": partial(ask_for_export, account=account, by=account),
        "documents": partial(bundle_year, account=account, wanted=None, by=account),
        "data of the car": partial(
            note_download, account=account, vehicle=car.vehicle, kinds=["trips"], form="csv", by=account
        ),
        "close": lambda now: close(account=account, confirmed=closing_quote(account, now=now), now=now, by=account),
    }


def test_K7_money_control_and_export_wait_and_cancelling_does_not(barred, card, gateway, navigation, now):
    plan = Plan.objects.filter(package=navigation).first()
    barred_acts = acts(barred, card, gateway, plan)
    codes = {name: refusal_code(act, now=now + 71 * HOURS) for name, act in barred_acts.items()}
    assert set(codes.values()) == {"barred"}
    running = barred.subscriptions.get()
    cancel(subscription=running, confirmed=None, now=now, by=barred)
    running.refresh_from_db()
    assert running.ends_on is not None


def test_K7_after_72_hours_it_is_open_again(barred, now):
    assert ask_for_export(account=barred, now=now + 72 * HOURS, by=barred)


@pytest.fixture
def clock_of_pages(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


def send(desk, account, noun, **fields):
    return desk.post(reverse(f"admin:accounts_account_{noun}", args=[account.pk]), fields, follow=True)


def link_of(email: str) -> str:
    mail = OutboxMessage.objects.filter(handler="mail", payload__to=email).latest("pk")
    return re.search(r"/[a-z]*/?account/confirm-email/[^/\"]+/", str(mail.payload))[0]


def test_K7_a_caller_with_a_code_gets_another_address_and_a_shut_door(client, owner, market, clock_of_pages, now):
    browser = Client()
    browser.force_login(owner)
    page = browser.post(reverse("caller_code"))
    code = page.context["made"].code
    assert code in page.text
    staff(client, market, "agent")
    assert "Check first that the caller" in send(client, owner, "email_change").text
    assert "It is the customer" in send(client, owner, "caller_code", code=code).text
    done = send(client, owner, "email_change", email="new@example.com", reason="old one is lost")
    assert "Both addresses are told" in done.text
    assert Notice.objects.get(account=owner, kind="helped_by_telephone").facts["act"] == "email"
    clock_of_pages.move_to(now + 2 * HOURS)
    Client().post(link_of("new@example.com"))
    owner.refresh_from_db()
    assert (owner.email, owner.barred_until) == ("new@example.com", now + 74 * HOURS)
    assert "Some things wait, to protect you" in browser.get(reverse("account")).text
    assert "wait for 72 hours" in browser.post(reverse("add_card"), follow=True).text
    clock_of_pages.move_to(now + 74 * HOURS)
    later = Client()
    later.force_login(Account.objects.get(pk=owner.pk))
    assert "Some things wait" not in later.get(reverse("account")).text
