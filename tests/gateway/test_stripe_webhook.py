"""An event is Stripe's when one of our secrets has signed it, not long ago; it is read in the port's words."""

import json
from datetime import UTC, datetime

import pytest
from stripe import WebhookSignature

from subscriptions.gateway.port import Event, ForgedEvent
from subscriptions.gateway.signatures import TOLERANCE_SECONDS
from subscriptions.gateway.stripe.webhook import read_event

NOW = datetime(2024, 1, 10, 12, tzinfo=UTC)


def told(kind, **subject):
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": subject}})


BODY = told("refund.failed", object="refund", id="re_1", status="failed", metadata={"key": "refund-1"})


def signed(secret="whsec_new", body=BODY, seconds_ago=0):
    return WebhookSignature.generate_signature_header(body, secret, timestamp=int(NOW.timestamp()) - seconds_ago)


def read(body, signature, secrets=("whsec_new",)):
    return read_event(body=body, headers={"Stripe-Signature": signature}, secrets=secrets, now=NOW)


@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_each_of_our_secrets_will_do(secret):
    event = read(BODY.encode(), signed(secret), secrets=["whsec_new", "whsec_old"])
    assert event == Event(event_id="evt_1", kind="refund.rejected", subject_key="refund-1")


@pytest.mark.parametrize(
    ("kind", "subject", "expected"),
    [
        ("payment_intent.succeeded", {"id": "pi_1", "metadata": {"key": "k"}}, ("charge.succeeded", "k")),
        ("payment_intent.payment_failed", {"id": "pi_1", "metadata": {"key": "k"}}, ("charge.declined", "k")),
        ("payment_intent.succeeded", {"id": "pi_1", "metadata": {}}, ("charge.succeeded", "pi_1")),
        ("charge.refund.updated", {"status": "succeeded", "metadata": {"key": "r"}}, ("refund.succeeded", "r")),
        ("refund.updated", {"status": "pending", "metadata": {"key": "r"}}, ("refund.updated", "r")),
        ("charge.dispute.created", {"object": "dispute", "id": "du_1"}, ("dispute.opened", "du_1")),
        ("charge.dispute.closed", {"object": "dispute", "id": "du_1", "status": "won"}, ("dispute.won", "du_1")),
        ("charge.dispute.closed", {"object": "dispute", "id": "du_1", "status": "lost"}, ("dispute.lost", "du_1")),
        ("balance.available", {"object": "balance"}, ("balance.available", "evt_1")),
    ],
)
def test_what_stripe_tells_is_read_in_the_words_of_the_port(kind, subject, expected):
    body = told(kind, **subject)
    event = read(body.encode(), signed(body=body))
    assert (event.kind, event.subject_key) == expected


@pytest.mark.parametrize("body", ["[]", "{}", "no JSON", told("refund.updated", id="re_1"), told("x", id="i" * 201)])
def test_what_is_signed_and_says_nothing_is_not_believed(body):
    with pytest.raises(ForgedEvent):
        read(body.encode(), signed(body=body))


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY, signed("whsec_of_somebody")),
        (BODY.replace("re_1", "re_2"), signed()),
        (BODY, signed(seconds_ago=TOLERANCE_SECONDS + 5)),
        (BODY, ""),
        (BODY, "t=1,v1=nonsense"),
        (BODY, "nonsense"),
        (BODY, "t=now,v1=nonsense"),
    ],
)
def test_nothing_else_is_believed(body, signature):
    with pytest.raises(ForgedEvent):
        read(body.encode(), signature)


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(ForgedEvent):
        read(BODY.encode(), signed(), secrets=[])


def test_a_body_that_is_no_text_is_not_believed():
    with pytest.raises(ForgedEvent):
        read(b"\xff\xfe", signed())
