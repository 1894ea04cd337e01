"""Outcomes as JSON objects: the same form in the provider's state and between its server and its client."""

from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from subscriptions.gateway.port import (
    CardAdded,
    CardDetails,
    Charged,
    ChargeOutcome,
    ChargeRecord,
    Declined,
    DisputeStanding,
    NeedsAuthentication,
    Refunded,
    RefundOutcome,
    RefundRejected,
    SetupFailed,
    SetupOutcome,
    SetupPending,
)
from subscriptions.gateway.sandbox.events import KeptEvent

WORDS = {
    SetupPending: "pending",
    SetupFailed: "failed",
    CardAdded: "added",
    Charged: "charged",
    Declined: "declined",
    NeedsAuthentication: "needs_authentication",
    Refunded: "refunded",
    RefundRejected: "rejected",
}


class Malformed(ValueError):
    """An answer that is none of the outcomes that were to be expected."""


def encode(outcome: SetupOutcome | ChargeOutcome | RefundOutcome) -> dict[str, Any]:
    return {"outcome": WORDS[type(outcome)], **_plain(asdict(outcome))}


def setup_outcome(data: Any) -> SetupOutcome:
    match data:
        case {"outcome": "pending"}:
            return SetupPending()
        case {"outcome": "failed", "reason": str(reason)}:
            return SetupFailed(reason=reason)
        case {"outcome": "added", "card": dict(card)}:
            return CardAdded(card=CardDetails(**card))
    raise Malformed(f"Not the outcome of a card setup: {data!r}")


def charge_outcome(data: Any) -> ChargeOutcome:
    match data:
        case {"outcome": "charged", "charge_ref": str(ref), "amount": str(amount), "currency": str(currency)}:
            return Charged(charge_ref=ref, amount=Decimal(amount), currency=currency)
        case {"outcome": "declined", "reason": str(reason), "is_final": bool(is_final)}:
            return Declined(reason=reason, is_final=is_final)
        case {"outcome": "needs_authentication", "url": str(url)}:
            return NeedsAuthentication(url=url)
    raise Malformed(f"Not the outcome of a charge: {data!r}")


def with_origin(outcome: ChargeOutcome, origin: str) -> ChargeOutcome:
    """The provider names its page by the path; the customer needs the whole address."""
    if isinstance(outcome, NeedsAuthentication) and outcome.url:
        return replace(outcome, url=origin + outcome.url)
    return outcome


def refund_outcome(data: Any) -> RefundOutcome:
    match data:
        case {"outcome": "refunded", "refund_ref": str(ref), "amount": str(amount)}:
            return Refunded(refund_ref=ref, amount=Decimal(amount))
        case {"outcome": "rejected", "reason": str(reason)}:
            return RefundRejected(reason=reason)
    raise Malformed(f"Not the outcome of a refund: {data!r}")


def encode_record(record: ChargeRecord) -> dict[str, Any]:
    return _plain(asdict(record))


def charge_record(data: dict[str, str]) -> ChargeRecord:
    return ChargeRecord(
        charge_ref=data["charge_ref"],
        key=data["key"],
        card_ref=data["card_ref"],
        amount=Decimal(data["amount"]),
        currency=data["currency"],
        refunded=Decimal(data["refunded"]),
        created_at=datetime.fromisoformat(data["created_at"]),
    )


def encode_dispute(standing: DisputeStanding) -> dict[str, Any]:
    return _plain(asdict(standing))


def dispute_standing(data: Any) -> DisputeStanding:
    if data["state"] not in {"opened", "won", "lost"}:
        raise Malformed(f"Not the state of a dispute: {data!r}")
    return DisputeStanding(
        dispute_ref=data["dispute_ref"],
        charge_key=data["charge_key"],
        amount=Decimal(data["amount"]),
        currency=data["currency"],
        state=data["state"],
    )


def encode_event(event: KeptEvent) -> dict[str, Any]:
    return asdict(event) | {"body": event.body.decode()}


def kept_event(data: Any) -> KeptEvent:
    return KeptEvent(**data | {"body": data["body"].encode()})


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in fields.items()}


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
