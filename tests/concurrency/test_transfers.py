"""A rejected refund is settled once, however many people and runs are at it at once (X6)."""

import pytest

from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import repeat_rejected, send_refund
from subscriptions.actions.transfer import confirm_transfer, propose_transfer
from subscriptions.models import BankTransfer, Document, Refund
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rejected(car, card, digital_key, gateway, now) -> Refund:
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    cancel(subscription=yearly, confirmed=None, now=now + make.days(100), by=car.account)
    send_refund(refund_id=Refund.objects.get().pk, now=now, gateway=gateway)
    return Refund.objects.get()


def test_X6_of_many_transfers_recorded_at_once_one_stands(rejected, owner, stranger, now):
    def propose() -> object:
        return propose_transfer(refund=rejected, reference="SEPA", reason="closed", now=now, by=stranger)

    assert at_once(*[propose] * 6) == {"done": 1, "transfer_proposed": 5}
    assert BankTransfer.objects.count() == 1


def test_X6_of_many_confirmations_at_once_one_books(rejected, owner, stranger, now):
    transfer = propose_transfer(refund=rejected, reference="SEPA", reason="closed", now=now, by=stranger)

    def confirm() -> object:
        return confirm_transfer(transfer=transfer, reason="seen", now=now, by=owner)

    assert at_once(*[confirm] * 6) == {"done": 1, "not_proposed": 5}
    assert Document.objects.filter(kind="credit_note").count() == 1


@pytest.mark.parametrize("nth", range(3))
def test_X6_a_run_and_a_record_at_once_pay_once(rejected, owner, stranger, card, gateway, now, nth):
    """Whichever comes first: the card is paid and nothing recorded, or recorded and the card not tried."""
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")

    def propose() -> object:
        return propose_transfer(refund=rejected, reference="SEPA", reason="closed", now=now, by=stranger)

    at_once(lambda: repeat_rejected(refund_id=rejected.pk, now=now, gateway=gateway), propose)
    rejected.refresh_from_db()
    assert (rejected.status == "succeeded") is not BankTransfer.objects.standing().exists()
    assert (gateway.charges()[0].refunded > 0) is (rejected.status == "succeeded")
