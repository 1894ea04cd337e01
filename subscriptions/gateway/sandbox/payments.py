"""Charges and refunds by the card's behaviour. Every function runs in its caller's transaction."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from subscriptions.gateway.port import (
    Charged,
    ChargeOutcome,
    ChargeRecord,
    Declined,
    NeedsAuthentication,
    ProviderDown,
    Refunded,
    RefundOutcome,
    RefundRejected,
)
from subscriptions.gateway.sandbox.cards import BEHAVIOURS, REFUND_BEHAVIOURS
from subscriptions.gateway.sandbox.refusals import RequestRefused, UnknownReference
from subscriptions.gateway.sandbox.setups import find_card, has_expired

MOST = Decimal("9999999.99")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be moved; `now` is the provider's aware moment."""

    key: str
    amount: Decimal
    currency: str
    now: datetime
    description: str = ""


def to_cents(amount: Decimal) -> int:
    """Whole cents of an amount above zero with at most two places; every currency here has a hundred."""
    if not amount.is_finite() or not 0 < amount <= MOST or amount * 100 % 1:
        raise RequestRefused(f"{amount} is no amount that can be moved.")
    return int(amount * 100)


def take_fault(db: sqlite3.Connection, card_ref: str) -> str:
    """The fault that befalls this request (`timeout_charged`, `timeout_not_charged`) or "": each happens once."""
    behaviour: str = find_card(db, card_ref)["behaviour"]
    if behaviour not in {"timeout_charged", "timeout_not_charged"}:
        return ""
    set_behaviour(db, card_ref, "ok")
    return behaviour


def charge(db: sqlite3.Connection, *, card_ref: str, order: Order) -> ChargeOutcome:
    """Carries a charge out, or says why not; raises `ProviderDown` for a card that behaves so."""
    refused = _refusal(find_card(db, card_ref), now=order.now)
    return refused or take(db, card_ref=card_ref, order=order)


def take(db: sqlite3.Connection, *, card_ref: str, order: Order) -> Charged:
    """Takes the money, whatever the card's behaviour: it was looked at, or its customer has confirmed."""
    charge_ref = f"charge_{secrets.token_urlsafe(12)}"
    cents = to_cents(order.amount)
    row = (charge_ref, order.key, card_ref, cents, order.currency, order.description, _written(order.now))
    db.execute(
        "INSERT INTO charges (charge_ref, key, card_ref, cents, currency, description, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return Charged(charge_ref=charge_ref, amount=to_amount(cents), currency=order.currency)


def refund(db: sqlite3.Connection, *, charge_ref: str, order: Order) -> RefundOutcome:
    """Pays back at most what is left of the charge; a forgotten or expired card is still reached (X6)."""
    paid = db.execute("SELECT * FROM charges WHERE charge_ref = ?", (charge_ref,)).fetchone()
    if paid is None:
        raise UnknownReference("No such charge.")
    if paid["currency"] != order.currency:
        raise RequestRefused("A refund is made in the currency of its charge.")
    if find_card(db, paid["card_ref"])["refund_behaviour"] == "rejected":
        return RefundRejected(reason="rejected")
    if _is_disputed(db, charge_ref):
        return RefundRejected(reason="disputed")
    cents = to_cents(order.amount)
    if paid["refunded_cents"] + cents > paid["cents"]:
        return RefundRejected(reason="exceeds_charge")
    refund_ref = f"refund_{secrets.token_urlsafe(12)}"
    db.execute("UPDATE charges SET refunded_cents = refunded_cents + ? WHERE charge_ref = ?", (cents, charge_ref))
    row = (refund_ref, order.key, charge_ref, cents, order.now.isoformat())
    db.execute("INSERT INTO refunds (refund_ref, key, charge_ref, cents, created_at) VALUES (?, ?, ?, ?, ?)", row)
    return Refunded(refund_ref=refund_ref, amount=to_amount(cents))


def set_behaviour(db: sqlite3.Connection, card_ref: str, behaviour: str) -> None:
    find_card(db, card_ref)
    if behaviour not in BEHAVIOURS:
        raise RequestRefused(f"No such behaviour: {behaviour}")
    db.execute("UPDATE cards SET behaviour = ? WHERE card_ref = ?", (behaviour, card_ref))


def set_refund_behaviour(db: sqlite3.Connection, card_ref: str, behaviour: str) -> None:
    find_card(db, card_ref)
    if behaviour not in REFUND_BEHAVIOURS:
        raise RequestRefused(f"No such behaviour of refunds: {behaviour}")
    db.execute("UPDATE cards SET refund_behaviour = ? WHERE card_ref = ?", (behaviour, card_ref))


def charge_records(db: sqlite3.Connection, *, since: datetime | None, after: str, limit: int) -> list[ChargeRecord]:
    """Charges in the order in which they were made, from the one after the reference `after` ("": the first)."""
    rows = db.execute(
        "SELECT * FROM charges WHERE position > coalesce((SELECT position FROM charges WHERE charge_ref = ?), 0)"
        " AND created_at >= ? ORDER BY position LIMIT ?",
        (after, _written(since) if since else "", limit),
    )
    return [_record(row) for row in rows]


def _refusal(card: sqlite3.Row, *, now: datetime) -> Declined | NeedsAuthentication | None:
    """An expiry that has passed comes before every other decline."""
    if card["behaviour"] == "provider_down":
        raise ProviderDown("The provider is down.")
    if not card["is_usable"]:
        return Declined(reason="declined")
    if card["behaviour"] == "expired" or has_expired(card, today=now.date()):
        return Declined(reason="expired")
    if card["behaviour"] == "insufficient_funds":
        return Declined(reason="insufficient_funds")
    if card["behaviour"] == "stolen":
        return Declined(reason="stolen", is_final=True)
    return NeedsAuthentication() if card["behaviour"] == "needs_authentication" else None


def _written(moment: datetime) -> str:
    """In one zone and of one length, so that moments compare as their texts do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _is_disputed(db: sqlite3.Connection, charge_ref: str) -> bool:
    """Whether the money is in the bank's hands: while a dispute is open, and for good once it was lost."""
    held = "SELECT 1 FROM disputes WHERE charge_ref = ? AND state != 'won'"
    return db.execute(held, (charge_ref,)).fetchone() is not None


def to_amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _record(row: sqlite3.Row) -> ChargeRecord:
    return ChargeRecord(
        charge_ref=row["charge_ref"],
        key=row["key"],
        card_ref=row["card_ref"],
        amount=to_amount(row["cents"]),
        currency=row["currency"],
        refunded=to_amount(row["refunded_cents"]),
        created_at=datetime.fromisoformat(row["created_at"]),
    )
