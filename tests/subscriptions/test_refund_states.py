"""X6: each refund shows where it stands, the card, and the day; after that day the way to the customer centre."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import send_refund, settle_refund
from subscriptions.actions.transfer import confirm_transfer, propose_transfer
from subscriptions.gateway.port import RefundRejected
from subscriptions.models import Document, Refund
from tests import make
from tests.journeys.conftest import words
from tests.support.cases import centre

HELP = "Not there? Talk to us"


@pytest.fixture
def refund(car, owner, card, digital_key, gateway, now) -> Refund:
    """40.00 promised on 10 June for a year that was cancelled in its fourth month; expected by 17 June."""
    earlier = now - make.days(100)
    yearly = make.subscription(car, package=digital_key, gateway=gateway, now=earlier)
    cancel(subscription=yearly, confirmed=None, now=now, by=owner)
    return Refund.objects.get()


@pytest.fixture
def read(client, owner, refund, now):
    """Both pages that tell of it, some days after it was promised."""
    client.force_login(owner)
    subscription = reverse("subscription", args=[refund.payment.subscription.public_id])

    def pages(*, after: int = 0) -> list[str]:
        with time_machine.travel(now + make.days(after), tick=False):
            return [words(client.get(page)) for page in (reverse("documents"), subscription)]

    return pages


def test_X6_promised_it_names_card_and_day(read, card):
    for page in read():
        assert f"promised to your card ending in {card.last4} and expected by 17 June 2026" in page
        assert HELP not in page


def test_X6_accepted_it_is_told_beside_its_credit_note(read, refund, card, gateway, now):
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    for page in read(after=7):
        assert f"It goes to your card ending in {card.last4} and should be there by 17 June 2026." in page
        assert HELP not in page


def test_X6_rejected_it_is_being_handled(read, refund, now):
    settle_refund(refund_id=refund.pk, key=refund.key, outcome=RefundRejected(reason="rejected"), now=now)
    assert all("Being handled" in page for page in read())


def test_X6_settled_by_transfer_it_says_so(read, refund, stranger, owner, now):
    settle_refund(refund_id=refund.pk, key=refund.key, outcome=RefundRejected(reason="rejected"), now=now)
    transfer = propose_transfer(refund=refund, reference="SEPA 1", reason="closed", now=now, by=stranger)
    confirm_transfer(transfer=transfer, reason="seen", now=now + make.days(3), by=owner)
    for page in read(after=3):
        assert "We sent it by bank transfer" in page
        assert "by 20 June 2026" in page


@pytest.mark.parametrize("is_sent", [True, False])
def test_X6_after_the_day_the_customer_centre_is_offered(read, refund, gateway, now, is_sent):
    if is_sent:
        send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    assert all(HELP in page for page in read(after=8))


def test_X6_the_way_leads_to_a_message_that_is_written_already(client, read, market, refund, card):
    centre(market)
    read(after=8)
    way = f"{reverse('case_new')}?refund={refund.public_id}"
    assert way in client.get(reverse("documents")).text
    page = client.get(way).text
    assert f"card ending in {card.last4} by 17 June 2026. It is not there." in page
    assert 'value="billing" selected' in page
    contract = refund.payment.subscription.contract.number
    assert f"Refund of €40.00, contract {contract}" in page


def test_a_stranger_is_written_nothing(client, refund, stranger):
    client.force_login(stranger)
    for asked in (str(refund.public_id), "no-id", ""):
        assert client.get(reverse("case_new"), {"refund": asked}).status_code == 404


def test_each_document_says_how_it_was_calculated(read, client, refund, gateway, now):
    send_refund(refund_id=refund.pk, now=now, gateway=gateway)
    note = Document.objects.get(kind="credit_note")
    page = words(client.get(reverse("document", args=[note.public_id])))
    assert "Of 12 months paid, 4 were used and 8 are paid back: €60.00 × 8 / 12." in page
    assert "Net €33.61 VAT 19% €6.39" in page


def test_documents_and_refunds_cost_the_same_for_three_as_for_one(client, owner, car, refund, market, gateway, now):
    def queries() -> int:
        with time_machine.travel(now, tick=False), CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("documents")).status_code == 200
        return len(asked)

    client.force_login(owner)
    queries()
    before = queries()
    for number in range(2):
        made = make.subscription(car, package=make.package(f"more-{number}", market=market), gateway=gateway)
        cancel(subscription=made, confirmed=None, now=now, by=owner)
    send_refund(refund_id=Refund.objects.latest("pk").pk, now=now, gateway=gateway)
    assert (Refund.objects.count(), queries()) == (3, before)
