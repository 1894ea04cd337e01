"""The provider's process tells the portal's over HTTP, as badly as providers do (faults 17, 18, 19, 21)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from subscriptions import tasks, webhooks
from subscriptions.actions.cancel import cancel
from subscriptions.actions.pay_now import pay_now
from subscriptions.actions.run import charging_run
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import NeedsAuthentication
from subscriptions.models import Document, Payment, ProviderEvent, Refund, WorkItem
from tests import make
from tests.faults.actors import later
from tests.faults.bank import CHARGE, SECRET, WEBHOOK_SECRET, open_bank
from tests.faults.books import assert_books_are_right, give_back
from tests.faults.celery_processes import eventually
from tests.subscriptions.events import SECRET as SIGNED_WITH
from tests.subscriptions.events import post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank(live_server, tmp_path, settings):
    """One that tells this test's own server."""
    with open_bank(tmp_path, webhook_url=live_server.url + reverse("payment_events")) as bank:
        settings.SANDBOX_URL, settings.SANDBOX_SECRET = bank.url, SECRET
        settings.WEBHOOK_SECRETS = [WEBHOOK_SECRET]
        yield bank


def handle_events(*, now) -> None:
    for event in ProviderEvent.objects.filter(handled_at=None):
        webhooks.handle(provider_event_id=event.pk, now=now, gateway=get_gateway())


@pytest.mark.parametrize("delivery", ["five_times", "out_of_order", "before_the_answer", "never"])
def test_F17_F18_F19_F21_however_events_come_the_books_are_the_same(order, bank, market, garage, today, delivery):
    bank.gateway.set_delivery(delivery=delivery)
    second = order(3)[1]
    bank.proxy.strike("drop_reply", when=CHARGE)
    charging_run(market=market, now=today, gateway=get_gateway())
    cancel(subscription=second, confirmed=None, now=today, by=garage.account)
    give_back(now=today)
    told = 0 if delivery == "never" else 4
    eventually(lambda: ProviderEvent.objects.count() == told)
    handle_events(now=today)
    if delivery == "never":
        assert Payment.objects.filter(status="unknown").count() == 1
        charging_run(market=market, now=later(today), gateway=get_gateway())
    assert Counter(Payment.objects.values_list("status", flat=True)) == {"succeeded": 3}
    assert Counter(Document.objects.values_list("kind", flat=True)) == {"invoice": 3, "credit_note": 1}
    assert len(bank.charged()) == 3
    assert_books_are_right(bank, now=later(today))


def test_F17_the_same_event_five_times_at_once_has_one_effect(car, owner, digital_key, gateway, settings):
    settings.WEBHOOK_SECRETS = [SIGNED_WITH]
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    [event] = gateway.events()
    barrier = Barrier(5)

    def tell(_):
        try:
            barrier.wait(timeout=30)
            status = post(Client(), event, at=timezone.now()).status_code
            stored = ProviderEvent.objects.get()
            webhooks.handle(provider_event_id=stored.pk, now=make.NOW, gateway=gateway)
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=5) as threads:
        assert list(threads.map(tell, range(5))) == [200] * 5
    subscription.refresh_from_db()
    assert (Payment.objects.get().status, subscription.periods_paid) == ("succeeded", 1)
    assert (Document.objects.count(), ProviderEvent.objects.count()) == (1, 1)


def test_F21_a_payment_whose_customer_never_came_back_is_learnt_without_a_webhook(order, bank, market, garage, today):
    bank.gateway.set_delivery(delivery="never")
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=garage.account.cards.get().card_ref, behaviour="needs_authentication")
    charging_run(market=market, now=today, gateway=get_gateway())
    back = f"{make.RETURN_ORIGIN}/back"
    to_pay = {"subscription": subscription, "card": None, "return_url": back, "by": garage.account}
    outcome = pay_now(**to_pay, now=today, gateway=get_gateway())
    assert isinstance(outcome, NeedsAuthentication)
    bank.gateway.confirm_charge(url=outcome.url)
    charging_run(market=market, now=later(today), gateway=get_gateway())
    subscription.refresh_from_db()
    assert (subscription.status, len(bank.charged())) == ("paid", 1)
    assert_books_are_right(bank, now=later(today))


def test_F21_what_was_paid_back_by_hand_is_found_by_the_nightly_comparison(order, bank, market, today):
    bank.gateway.set_delivery(delivery="never")
    order()
    charging_run(market=market, now=today, gateway=get_gateway())
    payment = Payment.objects.get()
    by_hand = {"key": "by hand", "charge_ref": payment.charge_ref, "currency": "EUR"}
    bank.gateway.refund(**by_hand, amount=Decimal("1.00"))
    tasks.compare_with_provider()
    tasks.compare_with_provider()
    item = WorkItem.objects.get()
    assert (item.kind, item.subject) == ("refunded_amount_differs", str(payment.public_id))
    assert not Refund.objects.exists()
