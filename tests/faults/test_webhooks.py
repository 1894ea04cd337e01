"""What the provider tells of its own accord: believed only if signed, stored once, and only ever asked back."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from accounts.models import Notice
from portal.models import AuditRecord, OutboxMessage
from subscriptions import webhooks
from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import ProviderDown
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Contract, Dispute, Document, Payment, ProviderEvent, Refund, Subscription
from subscriptions.views.webhooks import MOST_BYTES
from tests import make
from tests.subscriptions.events import SECRET, post


@pytest.fixture(autouse=True)
def _standing_clock(settings):
    settings.WEBHOOK_SECRETS = [SECRET]
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def sender():
    """The provider as the portal sees it: without a session, and without the token of a form."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def lost(car, owner, digital_key, gateway):
    """An order whose charge was made while its answer was lost: the payment is unknown."""
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def event(lost, gateway):
    [event] = gateway.events()
    return event


def nothing_is_stored():
    return not ProviderEvent.objects.exists() and not OutboxMessage.objects.filter(handler="provider_event").exists()


# Fault 20


def test_an_event_is_stored_once_and_settles_what_it_is_about(sender, lost, event, deliver):
    assert [post(sender, event).status_code for _ in range(5)] == [200] * 5
    deliver()
    stored = ProviderEvent.objects.get()
    assert (stored.kind, stored.subject_key, stored.handled_at) == ("charge.succeeded", event.key, make.NOW)
    assert Payment.objects.get().status == "succeeded"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another secret, just as long as it"},
        {"body": b'{"id": "event_1", "kind": "charge.succeeded", "key": "k"}'},
        {"body": b""},
        {"at": make.NOW - timedelta(seconds=301)},
        {"at": make.NOW + timedelta(seconds=301)},
    ],
    ids=["wrong secret", "forged", "empty", "stale", "ahead"],
)
def test_F20_an_event_that_the_provider_did_not_just_sign_is_refused_and_nothing_stored(sender, event, forged):
    assert post(sender, event, **forged).status_code == 400
    assert nothing_is_stored()


def test_F20_an_event_replayed_later_is_refused_and_stays_stored_once(sender, event):
    assert post(sender, event).status_code == 200
    with time_machine.travel(make.NOW + timedelta(seconds=301), tick=False):
        assert post(sender, event).status_code == 400
    assert ProviderEvent.objects.count() == 1


def test_F20_both_secrets_hold_while_one_replaces_the_other(sender, event, settings):
    settings.WEBHOOK_SECRETS = ["the new secret, also long enough", SECRET]
    assert post(sender, event).status_code == 200
    assert post(sender, event, secret="the new secret, also long enough").status_code == 200
    settings.WEBHOOK_SECRETS = ["the new secret, also long enough"]
    assert post(sender, event).status_code == 400


def test_without_a_secret_nobody_is_believed(sender, event, settings):
    settings.WEBHOOK_SECRETS = []
    assert post(sender, event, secret="").status_code == 400
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"no JSON", b"\xff", b'{"id": 1, "kind": "a", "key": "b"}', b'{"id":"a\\u0000","kind":"a"}']
)
def test_a_signed_body_that_is_no_event_is_refused(sender, event, body):
    assert post(sender, replace(event, body=body)).status_code == 400
    assert nothing_is_stored()


def test_a_body_of_more_than_256_kilobytes_is_refused_unread(sender, event):
    padding = b" " * (MOST_BYTES - len(event.body))
    assert post(sender, replace(event, body=event.body + padding + b" ")).status_code == 400
    assert nothing_is_stored()
    assert post(sender, replace(event, body=event.body + padding)).status_code == 200


# An event is a hint


def test_an_event_that_lies_about_its_charge_is_not_believed(sender, lost, event, deliver):
    lie = event.body.replace(b"charge.succeeded", b"charge.declined")
    assert post(sender, replace(event, body=lie)).status_code == 200
    deliver()
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("charge.succeeded", "nobody's:0:1"),
        ("refund.succeeded", "refund:nobody's:1"),
        ("dispute.lost", "dispute_unknown"),
        ("customer.deleted", "nobody"),
    ],
)
def test_an_event_of_what_we_do_not_know_is_harmless(sender, lost, event, deliver, kind, key):
    body = event.body.replace(b"charge.succeeded", kind.encode()).replace(event.key.encode(), key.encode())
    assert post(sender, replace(event, body=body)).status_code == 200
    deliver()
    assert ProviderEvent.objects.get().handled_at == make.NOW
    assert (Payment.objects.get().status, Dispute.objects.count()) == ("unknown", 0)


def test_an_event_waits_in_the_outbox_while_the_provider_cannot_be_asked(sender, lost, event, gateway):
    class Down(InProcessGateway):
        def find_charge(self, *, key):
            raise ProviderDown("for a while")

    post(sender, event)
    stored = ProviderEvent.objects.get()
    with pytest.raises(ProviderDown):
        webhooks.handle(provider_event_id=stored.pk, now=make.NOW, gateway=Down(gateway.provider))
    stored.refresh_from_db()
    assert (stored.handled_at, Payment.objects.get().status) == (None, "unknown")


def test_a_refunds_event_books_it_with_its_credit_note(sender, car, owner, card, digital_key, gateway, now):
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=now + make.days(100), by=owner)
    refund = Refund.objects.get()
    pay_back(refund, gateway)
    learn(gateway.events()[-1], gateway, now=now)
    refund.refresh_from_db()
    assert (refund.status, refund.credit_note.gross) == ("succeeded", refund.amount)


# Fault 19


def test_F19_an_event_that_overtakes_the_answer_to_its_charge_makes_no_second_invoice(
    sender, car, card, digital_key, gateway, deliver
):
    class Hasty(InProcessGateway):
        def charge(self, **order):
            outcome = super().charge(**order)
            assert post(sender, self.events()[-1]).status_code == 200
            deliver()
            assert Payment.objects.get().status == "succeeded"
            return outcome

    subscription = make.subscription(car, package=digital_key, gateway=Hasty(gateway.provider))
    assert (subscription.status, subscription.periods_paid) == ("paid", 1)
    assert (Document.objects.count(), Contract.objects.count()) == (1, 1)
    assert Counter(AuditRecord.objects.values_list("what", flat=True))["charged"] == 1


# Fault 21


def test_F21_what_no_event_ever_told_is_learnt_by_the_run(lost, gateway, market, now):
    gateway.set_delivery(delivery="never")
    charging_run(market=market, now=now, gateway=gateway)
    payment = Payment.objects.get()
    assert (payment.status, payment.documents.count(), ProviderEvent.objects.count()) == ("succeeded", 1, 0)


# Fault 18


@pytest.fixture
def story(market, car, owner, now, gateway):
    """Five events of which the portal knows nothing yet: an order that is paid and whose payment is disputed and lost,
    a refund that was paid back, a charge that was declined."""
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    disputed = make.subscription(car, package=yearly_package("disputed", market), gateway=gateway)
    [charged] = gateway.charges()
    refunded = make.subscription(car, package=yearly_package("refunded", market), gateway=gateway)
    trial = make.subscription(car, package=make.package("trial", market=market, gives_trial=True), gateway=gateway)
    cancel(subscription=refunded, confirmed=None, now=now, by=owner)
    told_already = len(gateway.events())
    gateway.lose_dispute(dispute_ref=gateway.open_dispute(charge_ref=charged.charge_ref))
    pay_back(Refund.objects.get(), gateway)
    decline(begin([trial.pk], now=now + make.days(30)).payments[0], gateway)
    assert disputed.is_pending
    events = gateway.events()
    return [events[0], *events[told_already:]]


def yearly_package(code, market):
    return make.package(code, market=market, prices={"yearly": "60.00"})


def pay_back(refund, gateway):
    """Refunds at the provider, and the worker is killed before it could say so."""
    payment = refund.payment
    gateway.refund(key=refund.key, charge_ref=payment.charge_ref, amount=refund.amount, currency=refund.currency)


def decline(payment, gateway):
    """Declined at the provider, and the worker is killed before it could say so."""
    gateway.set_behaviour(card_ref=payment.card.card_ref, behaviour="insufficient_funds")
    card_ref, amount = payment.card.card_ref, payment.amount
    gateway.charge(key=payment.key, card_ref=card_ref, amount=amount, currency="EUR", description="")


def learn(event, gateway, *, now):
    headers = event.headers(secret=SECRET, at=now)
    stored = webhooks.receive(body=event.body, headers=headers, now=now, gateway=gateway)
    webhooks.handle(provider_event_id=stored.pk, now=now, gateway=gateway)


def books():
    """All that customers or accountants could see, whatever its order."""
    return [
        Counter(Payment.objects.values_list("key", "status", "refunded")),
        Counter(Refund.objects.values_list("basis", "status", "amount")),
        Counter(Dispute.objects.values_list("dispute_ref", "state", "amount")),
        Counter(Document.objects.values_list("kind", "payment__key", "gross", "corrects__payment__key")),
        Counter(Subscription.objects.values_list("pk", "status", "end_reason", "ends_on", "tries_used", "next_try_on")),
        Counter(AuditRecord.objects.values_list("what", flat=True)),
        Counter(Notice.objects.values_list("kind", flat=True)),
    ]


@pytest.mark.long
def test_F18_all_120_orders_of_five_events_end_in_the_same_state(story, gateway, now):
    assert [event.kind.split(".")[1] for event in story] == ["succeeded", "opened", "lost", "succeeded", "declined"]
    seen = []
    for order in permutations(story):
        with transaction.atomic():
            for event in order:
                learn(event, gateway, now=now + make.days(30))
            seen.append(books())
            transaction.set_rollback(True)
    assert len(seen) == 120
    assert all(each == seen[0] for each in seen)


def test_F18_the_state_in_which_they_end_is_the_right_one(story, gateway, now):
    for event in reversed(story):
        learn(event, gateway, now=now + make.days(30))
    statuses = dict(Subscription.objects.values_list("package__code", "status"))
    assert statuses == {"disputed": "ended", "refunded": "ended", "trial": "past_due"}
    assert dict(Refund.objects.values_list("basis", "status")) == {"dispute": "succeeded", "pro_rata": "succeeded"}
    assert Counter(Document.objects.values_list("kind", flat=True)) == {"invoice": 2, "credit_note": 2}
