"""What Stripe tells of its own accord, in the port's words, once one of our secrets has signed it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from subscriptions.gateway.port import Event, ForgedEvent
from subscriptions.gateway.signatures import is_signed
from subscriptions.gateway.stripe.disputes import state_of

SIGNATURE = "Stripe-Signature"
LONGEST_WORD = 200
KINDS = {
    "payment_intent.succeeded": "charge.succeeded",
    "payment_intent.payment_failed": "charge.declined",
    "payment_intent.canceled": "charge.declined",
    "charge.dispute.created": "dispute.opened",
}
OF_REFUNDS = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
REFUND_KINDS = {"succeeded": "refund.succeeded", "failed": "refund.rejected", "canceled": "refund.rejected"}


def read_event(*, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
    """As the port says. Nothing of the body is read before its signature, at most five minutes old, was found right."""
    if not is_signed(headers.get(SIGNATURE, ""), body, secrets=secrets, at=now.timestamp()):
        raise ForgedEvent("The signature is not Stripe's, or too old.")
    try:
        event = json.loads(body)
        subject = event["data"]["object"]
        words = [event["id"], _kind(event["type"], subject), _subject_key(event["id"], subject)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ForgedEvent("The event cannot be read.") from error
    if not all(isinstance(word, str) and 0 < len(word) <= LONGEST_WORD and "\0" not in word for word in words):
        raise ForgedEvent("The event lacks what it must say.")
    return Event(event_id=words[0], kind=words[1], subject_key=words[2])


def _kind(told: str, subject: Mapping[str, Any]) -> str:
    """One that has no word in the port keeps Stripe's."""
    if told in OF_REFUNDS:
        return REFUND_KINDS.get(subject["status"], told)
    if told == "charge.dispute.closed":
        return f"dispute.{state_of(subject['status'])}"
    return KINDS.get(told, told)


def _subject_key(event_id: str, subject: Mapping[str, Any]) -> Any:
    if subject.get("object") == "dispute":
        return subject["id"]
    return (subject.get("metadata") or {}).get("key") or subject.get("id") or event_id
