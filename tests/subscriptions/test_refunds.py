"""A promised refund is paid once, whatever becomes of the messages about it (X6)."""

import pytest

from portal.models import OutboxMessage
from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import promise_again, send_refund, settle_refund
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import RefundRejected
from subscriptions.models import Refund
from tests import make


@pytest.fixture
def refund(car, owner, card, digital_key, gateway, now) -> Refund:
    """Two thirds of a year, promised."""
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    cancel(subscription=subscription, confirmed=None, now=now + make.days(100), by=owner)
    return Refund.objects.get()


def test_X6_a_refund_whose_message_was_given_up_is_sent_by_a_run(refund, owner, gateway, now):
    OutboxMessage.objects.filter(handler="refund").update(parked_at=now + make.days(101), attempts=12)
    charging_run(market=owner.market, now=now + make.days(102), gateway=gateway)
    refund.refresh_from_db()
    assert (refund.status, refund.credit_note.gross) == ("succeeded", refund.amount)


def test_X6_a_refund_that_has_just_been_promised_is_left_to_its_message(refund, owner, gateway, now):
    charging_run(market=owner.market, now=now + make.days(100), gateway=gateway)
    refund.refresh_from_db()
    assert refund.status == "promised"


def test_X6_a_late_answer_about_an_earlier_key_does_not_reject_the_new_one(refund, gateway, now):
    earlier = refund.key
    promise_again(refund, now=now)
    settle_refund(refund_id=refund.pk, key=earlier, outcome=RefundRejected(reason="rejected"), now=now)
    refund.refresh_from_db()
    assert refund.status == "promised"
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
