"""Disputes: frozen while open, booked as returned when lost, nothing when won (P10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Notice
from portal.models import OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.again import repeat_refund
from subscriptions.actions.cancel import cancel
from subscriptions.actions.dispute import learn_disputes
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run
from subscriptions.models import Dispute, Document, Payment, Refund, Subscription, WorkItem
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (after each test here)

ALL = Decimal("60.00")
PART = Decimal("40.00")


@pytest.fixture
def later(now):
    """Four months have begun of the year that was paid: 40.00 of 60.00 would come back."""
    return now + make.days(100)


@pytest.fixture
def yearly(car, card, digital_key, gateway) -> Subscription:
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def dispute_ref(yearly, gateway, clock, later) -> str:
    """Opened at the provider, and known to the portal."""
    clock.now = later
    ref = gateway.open_dispute(charge_ref=Payment.objects.get().charge_ref)
    learn_disputes(now=later, gateway=gateway)
    return ref


def cancelled(subscription, *, now) -> Refund:
    cancel(subscription=subscription, confirmed=None, now=now, by=subscription.account)
    return Refund.objects.get()


def credit_notes():
    return Document.objects.filter(kind="credit_note")


def state(subscription):
    subscription.refresh_from_db()
    return subscription.status, subscription.end_reason


@pytest.mark.parametrize("decide", ["win_dispute", "lose_dispute"])
def test_P10_a_dispute_is_a_work_item_until_the_bank_has_decided(yearly, dispute_ref, gateway, later, decide):
    item = WorkItem.objects.get(kind="dispute_opened")
    assert (item.is_open, item.payment, dispute_ref in item.text) == (True, Payment.objects.get(), True)
    getattr(gateway, decide)(dispute_ref=dispute_ref)
    learn_disputes(now=later, gateway=gateway)
    item.refresh_from_db()
    assert not item.is_open


def test_P10_an_open_dispute_is_kept_and_the_service_stays_on(yearly, dispute_ref, gateway, later):
    learn_disputes(now=later, gateway=gateway)
    dispute = Dispute.objects.get()
    assert (dispute.dispute_ref, dispute.state, dispute.amount) == (dispute_ref, "opened", ALL)
    assert (state(yearly), Refund.objects.count(), credit_notes().count()) == (("paid", ""), 0, 0)


def test_P10_a_refund_promised_during_a_dispute_waits(yearly, dispute_ref, gateway, market, later):
    refund = cancelled(yearly, now=later)
    assert not OutboxMessage.objects.filter(handler="refund").exists()
    send_refund(refund_id=refund.pk, now=later, gateway=gateway)
    charging_run(market=market, now=later + make.days(3), gateway=gateway)
    refund.refresh_from_db()
    assert (refund.status, gateway.charges()[0].refunded) == ("promised", Decimal("0.00"))


def test_P10_a_refund_promised_before_a_dispute_waits_too(yearly, gateway, clock, later):
    refund = cancelled(yearly, now=later)
    clock.now = later
    gateway.open_dispute(charge_ref=Payment.objects.get().charge_ref)
    learn_disputes(now=later, gateway=gateway)
    send_refund(refund_id=refund.pk, now=later, gateway=gateway)
    refund.refresh_from_db()
    assert refund.status == "promised"


def test_P10_a_won_dispute_sends_what_has_waited(yearly, dispute_ref, gateway, later, deliver, clock):
    refund = cancelled(yearly, now=later)
    gateway.win_dispute(dispute_ref=dispute_ref)
    clock.now = later + make.days(20)
    learn_disputes(now=clock.now, gateway=gateway)
    deliver()
    refund.refresh_from_db()
    assert (refund.status, credit_notes().get().gross) == ("succeeded", PART)
    assert refund.expected_on == clock.now.date() + timedelta(days=7)


def test_P10_a_won_dispute_changes_nothing_else(yearly, dispute_ref, gateway, later):
    gateway.win_dispute(dispute_ref=dispute_ref)
    learn_disputes(now=later, gateway=gateway)
    assert (Dispute.objects.get().state, state(yearly)) == ("won", ("paid", ""))
    assert (Payment.objects.get().refunded, credit_notes().count()) == (Decimal("0.00"), 0)


def test_P10_a_lost_dispute_is_booked_as_returned_and_ends_the_service_that_day(yearly, dispute_ref, gateway, later):
    gateway.lose_dispute(dispute_ref=dispute_ref)
    for _ in range(2):
        learn_disputes(now=later, gateway=gateway)
    note, refund = credit_notes().get(), Refund.objects.get()
    assert (refund.basis, refund.status, refund.amount, refund.refund_ref) == ("dispute", "succeeded", ALL, dispute_ref)
    assert (note.gross, note.refund, note.corrects) == (ALL, refund, Document.objects.get(kind="invoice"))
    assert (state(yearly), yearly.ends_on) == (("ended", "dispute_lost"), later.date())
    assert gateway.charges()[0].refunded == Decimal("0.00")


def test_P10_the_customer_is_told_of_the_end_and_why(yearly, dispute_ref, gateway, later):
    gateway.lose_dispute(dispute_ref=dispute_ref)
    learn_disputes(now=later, gateway=gateway)
    assert Notice.objects.get(kind="subscription_ended").facts["reason"] == "dispute_lost"
    assert Notice.objects.filter(kind="credit_note_issued").count() == 1


def test_P10_a_lost_dispute_takes_the_place_of_what_was_promised(yearly, dispute_ref, gateway, later):
    promised = cancelled(yearly, now=later)
    gateway.lose_dispute(dispute_ref=dispute_ref)
    learn_disputes(now=later, gateway=gateway)
    send_refund(refund_id=promised.pk, now=later, gateway=gateway)
    assert dict(Refund.objects.values_list("basis", "status")) == {"pro_rata": "replaced", "dispute": "succeeded"}
    assert (Payment.objects.get().refunded, credit_notes().get().gross) == (ALL, ALL)


def test_P10_a_refund_paid_before_the_dispute_is_booked_before_it(yearly, gateway, clock, later):
    refund = cancelled(yearly, now=later)
    payment = refund.payment
    gateway.refund(key=refund.key, charge_ref=payment.charge_ref, amount=refund.amount, currency="EUR")
    clock.now = later
    gateway.lose_dispute(dispute_ref=gateway.open_dispute(charge_ref=payment.charge_ref))
    learn_disputes(now=later, gateway=gateway)
    assert dict(Refund.objects.values_list("basis", "amount")) == {"pro_rata": PART, "dispute": ALL - PART}
    assert sorted(credit_notes().values_list("gross", flat=True)) == [ALL - PART, PART]


def test_P10_a_rejected_refund_is_neither_repeated_by_the_run_nor_by_staff(yearly, gateway, card, market, clock, later):
    refund = cancelled(yearly, now=later)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    send_refund(refund_id=refund.pk, now=later, gateway=gateway)
    key = Refund.objects.get().key
    clock.now = later
    gateway.open_dispute(charge_ref=Payment.objects.get().charge_ref)
    charging_run(market=market, now=later, gateway=gateway)
    assert Refund.objects.get().key == key
    with pytest.raises(Refusal, match="wait"):
        repeat_refund(refund=refund, times=0, reason="asked", now=later, by=yearly.account)


def test_a_dispute_that_no_event_told_of_is_learnt_by_the_run(yearly, gateway, market, clock, later):
    gateway.set_delivery(delivery="never")
    clock.now = later
    ref = gateway.open_dispute(charge_ref=Payment.objects.get().charge_ref)
    charging_run(market=market, now=later, gateway=gateway)
    assert Dispute.objects.get().state == "opened"
    gateway.lose_dispute(dispute_ref=ref)
    charging_run(market=market, now=later + make.days(60), gateway=gateway)
    assert (Dispute.objects.get().state, state(yearly)[0]) == ("lost", "ended")


def test_P10_agents_find_open_disputes_and_change_nothing(yearly, dispute_ref, admin_client):
    listed = admin_client.get(reverse("admin:subscriptions_dispute_changelist"), {"state": "opened"})
    assert "open, refunds are frozen" in listed.content.decode()
    none = admin_client.get(reverse("admin:subscriptions_dispute_changelist"), {"state": "lost"})
    assert yearly.account.email not in none.content.decode()
    page = reverse("admin:subscriptions_dispute_change", args=[Dispute.objects.get().pk])
    assert dispute_ref in admin_client.get(page).content.decode()
    assert admin_client.post(page, {"state": "won"}).status_code == 403
