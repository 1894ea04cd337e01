"""What staff do from the customer's page (K3, K5): withdraw, explain a charge, send the activation again."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import Account
from portal.models import AuditRecord, OutboxMessage
from subscriptions.models import Payment, Refund, Subscription
from tests import make
from tests.subscriptions.customers import BROKE, Town, event
from tests.support.cases import staff

NOON = datetime(2026, 5, 30, 9, tzinfo=UTC)
ORDERED_ON = date(2026, 5, 20)
NEW = (
    event("add card", on=ORDERED_ON, card="gold", brand="visa"),
    event("subscribe", on=ORDERED_ON, package="navigation", term="yearly"),
)


@pytest.fixture
def town(db):
    with time_machine.travel(NOON, tick=False):
        yield Town()


@pytest.fixture
def agent(client, town):
    staff(client, town.market, "agent")
    return client


def url(model, noun, row):
    return reverse(f"admin:{model}_{noun}", args=[row.pk])


def text(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def post(client, address, **fields):
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    return client.post(address, hidden | {"reason": "asked on the telephone"} | fields, follow=True)


def test_K3_a_contract_is_withdrawn_from_for_its_customer_as_shown(agent, town):
    account = town.live("anna", NEW)
    row = Subscription.objects.get(account=account)
    assert "Withdraw" in text(agent, url("accounts_account", "change", account))
    address = url("subscriptions_subscription", "withdrawal", row)
    shown = text(agent, address)
    assert "First day without service 30 May 2026" in shown
    assert "Refund €99.00" in shown
    assert "is used up by this refund" in shown
    assert "gets the receipt" in post(agent, address).content.decode()
    row.refresh_from_db()
    assert (row.end_reason, Refund.objects.get().amount) == ("withdrawn", Payment.objects.get().amount)
    record = AuditRecord.objects.get(what="withdrawn")
    assert (record.by.email, record.data["reason"]) == ("agent@staff.example.com", "asked on the telephone")


def test_K6_staff_withdraw_no_later_than_the_customer_could(agent, town):
    row = Subscription.objects.get(account=town.live("anna"))
    answer = post(agent, url("subscriptions_subscription", "withdrawal", row))
    assert "fourteen days" in answer.content.decode()
    assert Refund.objects.count() == 0


def test_K5_a_charge_is_explained_from_contract_calendar_and_price_to_the_cent(agent, town):
    town.live("anna", NEW)
    shown = text(agent, url("subscriptions_payment", "change", Payment.objects.get()))
    assert "Charge 1 is due on the day of activation, 20 May 2026." in shown
    assert "€99.00 is the price of your contract of 20 May 2026." in shown
    assert "VAT is included: €15.81 (19%) on €83.19 net." in shown
    assert "It pays for the time from 20 May 2026 to 20 May 2027." in shown


@pytest.mark.parametrize(
    ("about", "answer"),
    [
        ("2026-03-10", "€9.90 was due. It was declined on 10 March 2026."),
        ("2026-02-10", "€9.90 was charged for the period"),
        ("nonsense", "Nothing is due any more: it ended on"),
    ],
)
def test_P9_why_on_any_day_says_the_desk_in_the_customers_words(agent, town, about, answer):
    row = Subscription.objects.get(account=town.live("petros", BROKE))
    assert answer in text(agent, url("subscriptions_subscription", "explanation", row), about=about)


def test_K3_the_activation_is_sent_again_once_for_each_time_it_was_asked_for(agent, town):
    account = make.account("new@example.com", market=town.market)
    EmailAddress.objects.update_or_create(user=account, email=account.email, defaults={"verified": False})
    address = url("accounts_account", "activation", account)
    assert address in agent.get(url("accounts_account", "change", account)).content.decode()
    form = {"reason": "never came", "times": 0}
    for _twice in range(2):
        agent.post(address, form)
    mails = OutboxMessage.objects.filter(handler="activation_mail")
    assert [mail.payload["email"] for mail in mails] == ["new@example.com"]
    assert AuditRecord.objects.get(what="activation mail sent again").data["reason"] == "never came"


def test_K3_what_is_active_is_not_activated_again(agent, town):
    account = town.live("anna", NEW)
    address = url("accounts_account", "activation", Account.objects.get(pk=account.pk))
    assert "nothing to activate" in post(agent, address, times=0).content.decode()
    assert not OutboxMessage.objects.filter(handler="activation_mail").exists()
