"""An event is Stripe's when one of our secrets has signed it, not long ago."""

import json
import time

import pytest
from stripe import WebhookSignature

from subscriptions.gateway.stripe.webhook import TOLERANCE_SECONDS, NotFromStripe, verified_event

BODY = json.dumps({"id": "evt_1", "object": "event", "type": "refund.failed", "data": {"object": {"id": "re_1"}}})


def signed(secret="whsec_new", body=BODY, seconds_ago=0):
    return WebhookSignature.generate_signature_header(body, secret, timestamp=int(time.time()) - seconds_ago)


@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_each_of_our_secrets_will_do(secret):
    event = verified_event(BODY.encode(), signature=signed(secret), secrets=["whsec_new", "whsec_old"])
    assert (event.id, event.type, event.data.object["id"]) == ("evt_1", "refund.failed", "re_1")


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
    with pytest.raises(NotFromStripe):
        verified_event(body.encode(), signature=signature, secrets=["whsec_new"])


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(NotFromStripe):
        verified_event(BODY.encode(), signature=signed(), secrets=[])


def test_a_body_that_is_no_text_is_not_believed():
    with pytest.raises(NotFromStripe):
        verified_event(b"\xff\xfe", signature=signed(), secrets=["whsec_new"])
