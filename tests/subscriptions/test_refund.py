"""Refunds: promised, sent, settled when the provider has answered; never more than was paid (X6)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from subscriptions.actions import wallet
from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import promise_again, promise_refund, send_refund, settle_refund
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import ProviderDown, Refunded, RefundRejected
from subscriptions.models import Document, Payment, Refund, WorkItem
from tests import make


@pytest.fixture
def refund(car, card, digital_key, gateway, now) -> Refund:
    """40.00 of the 60.00 of a yearly plan, promised when it was cancelled after four months had begun."""
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=now + make.days(100), by=car.account)
    return Refund.objects.get()


def credit_notes():
    return Document.objects.filter(kind="credit_note")


def test_X6_the_credit_note_is_issued_when_the_provider_has_accepted(refund, gateway, now):
    assert (refund.status, credit_notes().count()) == ("promised", 0)
    send_refund(refund_id=refund.pk, now=now + make.days(100), gateway=gateway)
    note = credit_notes().get()
    assert (note.gross, note.refund.status) == (Decimal("40.00"), "succeeded")
    assert note.corrects == Document.objects.get(kind="invoice")
    assert gateway.charges()[0].refunded == Decimal("40.00")


def test_X6_a_rejected_refund_gives_no_credit_note_and_is_repeated_by_the_run(refund, gateway, card, market, now):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    later = now + make.days(100)
    send_refund(refund_id=refund.pk, now=later, gateway=gateway)
    charging_run(market=market, now=later, gateway=gateway)
    refund.refresh_from_db()
    assert (refund.status, refund.reason, credit_notes().count()) == ("rejected", "rejected", 0)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    charging_run(market=market, now=later + make.days(1), gateway=gateway)
    assert (credit_notes().count(), gateway.charges()[0].refunded) == (1, Decimal("40.00"))


def test_X6_it_goes_to_the_card_that_paid_even_if_it_has_left_the_wallet(refund, gateway, card, owner, now, deliver):
    wallet.remove_card(card=card, now=now, by=owner)
    deliver_at = now + make.days(100)
    gateway.forget_card(card_ref=card.card_ref)
    send_refund(refund_id=refund.pk, now=deliver_at, gateway=gateway)
    assert gateway.charges()[0].refunded == Decimal("40.00")


def test_a_refund_that_is_sent_twice_is_paid_and_credited_once(refund, gateway, now):
    for _ in range(2):
        send_refund(refund_id=refund.pk, now=now + make.days(100), gateway=gateway)
        settle_refund(
            refund_id=refund.pk, key=refund.key, outcome=Refunded(refund_ref="x", amount=refund.amount), now=now
        )
    assert (credit_notes().count(), gateway.charges()[0].refunded) == (1, Decimal("40.00"))


def test_a_rejection_that_comes_late_does_not_undo_a_success(refund, gateway, now):
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    settle_refund(refund_id=refund.pk, key=refund.key, outcome=RefundRejected(reason="rejected"), now=now)
    refund.refresh_from_db()
    assert refund.status == "succeeded"


def test_F47_another_sum_is_not_booked_but_work_until_the_provider_says_what_was_promised(refund, gateway, now):
    outcome = Refunded(refund_ref="x", amount=refund.amount + 1)
    for _ in range(2):
        settle_refund(refund_id=refund.pk, key=refund.key, outcome=outcome, now=now)
    refund.refresh_from_db()
    item = WorkItem.objects.get()
    assert (refund.status, credit_notes().count(), item.refund) == ("promised", 0, refund)
    assert "40.00 EUR; the provider paid 41.00 back" in item.text
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    item.refresh_from_db()
    assert (item.closed_at, credit_notes().count()) == (now, 1)


def test_while_the_provider_is_down_the_promise_stands(refund, gateway, now):
    class Down(type(gateway)):
        def refund(self, **order):
            raise ProviderDown

    with pytest.raises(ProviderDown):
        send_refund(refund_id=refund.pk, now=now, gateway=Down(gateway.provider))
    refund.refresh_from_db()
    assert refund.status == "promised"


@pytest.mark.parametrize("amount", ["20.01", "60.00"])
def test_the_database_refuses_to_give_back_more_than_was_paid(refund, now, amount):
    with pytest.raises(IntegrityError, match="payment_refunded_at_most_paid"), transaction.atomic():
        promise_refund(payment=refund.payment, amount=Decimal(amount), basis="unpaid", now=now)
    assert Payment.objects.get().refunded == Decimal("40.00")


def test_the_database_refuses_to_give_back_what_was_not_paid(car, digital_key, gateway, owner, now):
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    make.subscription(car, package=digital_key, gateway=gateway)
    with pytest.raises(IntegrityError, match="payment_refunded_only_if_paid"), transaction.atomic():
        promise_refund(payment=Payment.objects.get(), amount=Decimal("1.00"), basis="unpaid", now=now)


def test_the_database_refuses_a_refund_of_nothing(refund, now):
    with pytest.raises(IntegrityError, match="refund_amount_positive"), transaction.atomic():
        promise_refund(payment=refund.payment, amount=Decimal("0.00"), basis="unpaid", now=now)


def test_an_answer_to_an_earlier_key_is_not_taken_for_the_new_ones(refund, gateway, card, market, now):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    first_key = refund.key
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    with transaction.atomic():
        promise_again(Refund.objects.select_for_update(of=["self"]).get(), now=now)
    settle_refund(refund_id=refund.pk, key=first_key, outcome=RefundRejected(reason="rejected"), now=now)
    assert Refund.objects.get().status == "promised"
