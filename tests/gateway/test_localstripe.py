"""Our adapter against somebody else's Stripe: what goes over the wire is understood by a program that is not ours.

localstripe has no hosted page, no search and no idempotency, so the contract's tests of these do not run here: the
stand-in of `stripe_stub.py` has them (docs/payments-provider.md).
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread

import httpx
import pytest

from subscriptions.gateway.port import (
    Charged,
    ChargeRecord,
    Declined,
    ForgedEvent,
    NeedsAuthentication,
    Refunded,
)
from subscriptions.gateway.stripe.client import StripeGateway
from subscriptions.gateway.stripe.outcomes import card_ref
from tests.gateway.localstripe import running, shimmed
from tests.gateway.stripe_controls import SECRET_KEY

WORKS, DECLINED, ASKS = "4242424242424242", "4000000000000341", "4000002500003155"
SECRET = "what the webhook is signed with"


class AtLocalstripe(StripeGateway):
    """Ours, and what the hosted page, which localstripe has not, would have done there."""

    def add_card(self, number: str) -> str:
        customer = self._customer(f"customer-{number[-4:]}")
        intent = self._api.setup_intents.create(params={"customer": customer, "usage": "off_session"})
        method = self._api.payment_methods.create(params={"type": "card", "card": _card(number)}).id
        confirmed = self._api.setup_intents.confirm(intent.id, params={"payment_method": method})
        assert confirmed.status == ("requires_action" if number == ASKS else "succeeded")
        self._api.payment_methods.attach(method, params={"customer": customer})
        return card_ref(customer=customer, payment_method=method)

    def method(self, ref: str):
        return self._api.payment_methods.retrieve(ref.partition(":")[2])

    def waiting(self):
        return next(one for one in self._api.payment_intents.list().data if one.status == "requires_action")


def _card(number: str) -> dict[str, object]:
    return {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("localstripe")) as address:
        yield address


@pytest.fixture
def gateway(localstripe) -> Iterator[AtLocalstripe]:
    httpx.delete(f"{localstripe}/_config/data", trust_env=False)
    with shimmed(localstripe) as address:
        gateway = AtLocalstripe(SECRET_KEY, base_url=address, timeout=10)
        yield gateway
        gateway.close()


def charged(gateway, card, key="charge-1", amount="9.90"):
    return gateway.charge(key=key, card_ref=card, amount=Decimal(amount), currency="EUR", description="Navigation")


def test_a_card_is_charged_without_its_customer_and_found_by_its_key(gateway):
    card = gateway.add_card(WORKS)
    outcome = charged(gateway, card)
    assert isinstance(outcome, Charged)
    assert (outcome.amount, outcome.currency) == (Decimal("9.90"), "EUR")
    assert gateway.find_charge(key="charge-1") == outcome
    assert gateway.find_charge(key="charge-2") is None


def test_a_declined_charge_is_an_outcome(gateway):
    card = gateway.add_card(DECLINED)
    assert charged(gateway, card) == Declined(reason="declined", is_final=False)
    assert gateway.find_charge(key="charge-1") == Declined(reason="declined", is_final=False)
    assert gateway.charges() == []


@pytest.mark.parametrize(("is_confirmed", "then"), [("true", Charged), ("false", Declined)])
def test_a_card_that_asks_for_its_customer_waits_for_the_answer(gateway, localstripe, is_confirmed, then):
    card = gateway.add_card(ASKS)
    assert charged(gateway, card) == NeedsAuthentication(url="")
    intent = gateway.waiting()
    answered = {"client_secret": intent.client_secret, "success": is_confirmed}
    url = f"{localstripe}/v1/payment_intents/{intent.id}/_authenticate"
    httpx.post(url, data=answered, auth=(SECRET_KEY, ""), trust_env=False).raise_for_status()
    assert isinstance(gateway.find_charge(key="charge-1"), then)


def test_a_refund_is_paid_in_part_and_found_by_its_key(gateway):
    outcome = charged(gateway, gateway.add_card(WORKS))
    paid = gateway.refund(key="refund-1", charge_ref=outcome.charge_ref, amount=Decimal("3.30"), currency="EUR")
    assert isinstance(paid, Refunded)
    assert paid.amount == Decimal("3.30")
    assert gateway.find_refund(key="refund-1") == paid
    assert gateway.find_refund(key="refund-2") is None


def test_the_list_of_charges_has_what_was_taken_and_what_went_back(gateway):
    card = gateway.add_card(WORKS)
    outcome = charged(gateway, card)
    gateway.refund(key="refund-1", charge_ref=outcome.charge_ref, amount=Decimal("3.30"), currency="EUR")
    (record,) = gateway.charges()
    assert isinstance(record, ChargeRecord)
    assert (record.key, record.charge_ref, record.card_ref) == ("charge-1", outcome.charge_ref, card)
    assert (record.amount, record.refunded, record.currency) == (Decimal("9.90"), Decimal("3.30"), "EUR")
    assert datetime.now(UTC) - record.created_at < timedelta(minutes=1)


def test_a_card_is_forgotten_twice(gateway):
    card = gateway.add_card(WORKS)
    assert gateway.method(card).customer is not None
    for _twice in range(2):
        gateway.forget_card(card_ref=card)
    assert gateway.method(card).customer is None


def test_what_is_not_there_is_an_error_of_the_caller(gateway):
    with pytest.raises(ValueError, match="refused the request"):
        charged(gateway, "cus_none:pm_none")


# What it tells of its own accord


@pytest.fixture
def told(localstripe) -> Iterator[Queue]:
    """Each webhook that comes, as headers and body."""
    came: Queue = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing on the test's output."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        hook = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": SECRET}
        httpx.post(f"{localstripe}/_config/webhooks/tests", json=hook, trust_env=False).raise_for_status()
        yield came
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("number", "kind"), [(WORKS, "charge.succeeded"), (DECLINED, "charge.declined")])
def test_its_signed_webhooks_are_read_and_forged_ones_are_not(gateway, told, number, kind):
    charged(gateway, gateway.add_card(number), key="charge-told")
    event, headers, body = next_of(gateway, told, key="charge-told")
    assert event.kind == kind
    for secrets, changed in ((["another secret"], body), ([SECRET], body + b" ")):
        with pytest.raises(ForgedEvent):
            gateway.read_event(body=changed, headers=headers, secrets=secrets, now=datetime.now(UTC))


def next_of(gateway, told, *, key):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        headers, body = told.get(timeout=20)
        event = gateway.read_event(body=body, headers=headers, secrets=[SECRET], now=datetime.now(UTC))
        if event.subject_key == key:
            return event, headers, body
    raise TimeoutError(key)
