"""Paying at once while a charge is declined, and what the pages say about it (P2, P8, P9)."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from portal.refusals import Refusal
from subscriptions.actions.pay_now import finish_paying, pay_now
from subscriptions.actions.run import charging_run
from subscriptions.actions.wallet import make_primary
from subscriptions.gateway.port import Charged, Declined, NeedsAuthentication
from subscriptions.models import Document
from tests import make

RETURN_URL = f"{make.RETURN_ORIGIN}/back"


@pytest.fixture
def past_due(car, owner, navigation, gateway, clock, now):
    """The first charge after the trial was declined once, on the day `clock` stands at."""

    def make_it(behaves: str = "insufficient_funds"):
        make.card(owner, gateway=gateway, behaves=behaves)
        subscription = make.subscription(car, package=navigation, gateway=gateway)
        clock.now = now + make.days(30)
        charging_run(market=owner.market, now=clock.now, gateway=gateway)
        subscription.refresh_from_db()
        assert subscription.is_past_due
        return subscription

    return make_it


@pytest.fixture
def pay(owner, gateway, clock):
    def pay(subscription, card=None):
        by_owner = {"now": clock.now, "by": owner, "gateway": gateway}
        return pay_now(subscription=subscription, card=card, return_url=RETURN_URL, **by_owner)

    return pay


@pytest.fixture
def silver(owner, gateway, clock):
    def add(behaves: str = "ok"):
        card = make.card(owner, gateway=gateway, nth=1, behaves=behaves)
        make_primary(card=card, now=clock.now, by=owner)
        return card

    return add


@pytest.fixture
def page(client, owner, gateway, clock, monkeypatch):
    """Asks for a page as the owner, on the test's clock and at the provider in this process."""
    monkeypatch.setattr("subscriptions.views.paying.get_gateway", lambda: gateway)
    client.force_login(owner)

    def ask(name, subscription, method="get", data=None, **how):
        with time_machine.travel(clock.now, tick=False):
            return getattr(client, method)(reverse(name, args=[subscription.public_id]), data, **how)

    return ask


def test_P2_P3_another_card_pays_at_once_and_the_dates_stay(past_due, silver, pay):
    subscription = past_due()
    due_on = subscription.next_charge_on
    assert isinstance(pay(subscription, silver()), Charged)
    subscription.refresh_from_db()
    assert (subscription.status, subscription.tries_used) == ("paid", 0)
    assert subscription.next_charge_on == due_on.replace(year=due_on.year + 1)
    assert subscription.payments.get(status="succeeded").attempt == 1


def test_P2_a_declined_one_uses_up_no_try_and_is_told(past_due, silver, pay):
    subscription = past_due()
    next_try_on = subscription.next_try_on
    assert pay(subscription, silver("insufficient_funds")) == Declined(reason="insufficient_funds")
    subscription.refresh_from_db()
    assert (subscription.tries_used, subscription.next_try_on) == (1, next_try_on)
    assert Notice.objects.filter(kind="payment_failed").count() == 2


def test_P2_sending_it_twice_pays_once(past_due, silver, pay, gateway):
    subscription, card = past_due(), silver()
    pay(subscription, card)
    with pytest.raises(Refusal, match="nothing_to_pay"):
        _raise_code(lambda: pay(subscription, card))
    assert len(gateway.charges()) == Document.objects.count() == 1


def _raise_code(call):
    try:
        call()
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.code) from refusal


def test_X10_the_card_that_was_shown_is_the_one_that_is_charged(past_due, silver, pay, owner, gateway, card_of):
    subscription = past_due()
    silver()
    with pytest.raises(Refusal) as refused:
        pay(subscription, card_of(subscription))
    assert refused.value.code == "quote_changed"
    assert gateway.charges() == []


@pytest.fixture
def card_of():
    return lambda subscription: subscription.payments.first().card


def test_P8_the_customer_confirms_at_the_provider_and_comes_back(past_due, pay, owner, gateway, clock):
    subscription = past_due("needs_authentication")
    waiting = pay(subscription)
    assert isinstance(waiting, NeedsAuthentication)
    assert pay(subscription) == waiting
    charging_run(market=owner.market, now=clock.now + make.days(0), gateway=gateway)
    gateway.confirm_charge(url=waiting.url)
    for _twice in range(2):
        finish_paying(subscription=subscription, now=clock.now, gateway=gateway)
    subscription.refresh_from_db()
    assert (subscription.status, len(gateway.charges())) == ("paid", 1)


def test_P8_who_never_answers_has_not_paid_and_the_next_day_counts(past_due, pay, owner, gateway, clock):
    subscription = past_due("needs_authentication")
    pay(subscription)
    clock.now += make.days(1)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    subscription.refresh_from_db()
    assert (subscription.status, subscription.tries_used) == ("past_due", 2)
    assert isinstance(pay(subscription), NeedsAuthentication)


def test_P2_the_page_shows_amount_and_card_before_it_pays(past_due, silver, page, gateway):
    subscription, card = past_due(), silver()
    assert "99.00" in page("subscription", subscription).text
    shown = page("payment", subscription).text
    assert "99.00" in shown
    assert card.last4 in shown
    assert gateway.charges() == []
    for _twice in range(2):
        paid = page("payment", subscription, "post", {"card": str(card.public_id)})
        assert paid.url == reverse("subscription", args=[subscription.public_id])
    assert len(gateway.charges()) == 1


def test_P2_the_step_stands_before_all_else_and_is_one_that_can_be_taken(past_due, silver, page):
    subscription = past_due()
    first = page("subscription", subscription).text.split("What was agreed")[0]
    assert ("Pay €99.00 now" in first, "Open the wallet" in first) == (False, True)
    silver()
    assert "Pay €99.00 now" in page("subscription", subscription).text.split("What was agreed")[0]


def test_P2_the_page_says_why_it_was_declined(past_due, silver, page):
    subscription, card = past_due(), silver("insufficient_funds")
    declined = page("payment", subscription, "post", {"card": str(card.public_id)}, follow=True)
    assert "not enough money" in declined.text


def test_P8_the_page_leads_to_the_provider_and_back(past_due, page, gateway):
    subscription = past_due("needs_authentication")
    card = subscription.unconfirmed_card
    away = page("payment", subscription, "post", {"card": str(card.public_id)})
    assert away.url.startswith("https://sandbox.invalid/pay/charge/")
    gateway.confirm_charge(url=away.url)
    assert "the payment is made" in page("payment_return", subscription, follow=True).text


def test_P9_the_subscription_page_says_why_for_any_day(past_due, page, clock):
    subscription = past_due()
    assert "not enough money" in page("subscription", subscription).text
    before = page("subscription", subscription, data={"about": "2026-06-20"}).text
    assert "Nothing was due." in before
    for nonsense in ("yesterday", "9999-12-31", "0001-01-01"):
        assert page("subscription", subscription, data={"about": nonsense}).status_code == 200


def test_P8_a_try_on_another_card_in_between_does_not_lift_what_the_bank_wants(
    past_due, silver, pay, owner, gateway, clock
):
    subscription = past_due("needs_authentication")
    gold = subscription.unconfirmed_card
    silver("needs_authentication")
    clock.now += make.days(1)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    make_primary(card=gold, now=clock.now, by=owner)
    clock.now += make.days(1)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    assert list(subscription.payments.order_by("pk").values_list("attempt", "status")) == [
        (1, "declined"),
        (2, "declined"),
    ]
