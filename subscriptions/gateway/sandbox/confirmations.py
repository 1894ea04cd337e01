"""A charge that its customer has to confirm at the bank (P8). Every function runs in its caller's transaction."""

import secrets
import sqlite3
from datetime import datetime, timedelta

from subscriptions.gateway.port import ChargeOutcome, Declined, NeedsAuthentication
from subscriptions.gateway.sandbox import idempotency, payments, wire
from subscriptions.gateway.sandbox.refusals import UnknownReference

ANSWERED_WITHIN = timedelta(minutes=30)
NOT_CONFIRMED = Declined(reason="authentication_failed")


def page_of(confirmation_ref: str) -> str:
    """The page's path on the provider's own origin."""
    return f"/pay/charge/{confirmation_ref}"


def open_confirmation(
    db: sqlite3.Connection, *, card_ref: str, order: payments.Order, return_url: str, language: str
) -> NeedsAuthentication:
    confirmation_ref = f"confirmation_{secrets.token_urlsafe(24)}"
    what = (confirmation_ref, order.key, card_ref, payments.to_cents(order.amount), order.currency, order.description)
    db.execute(
        "INSERT INTO confirmations (confirmation_ref, key, card_ref, cents, currency, description, return_url,"
        " language, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*what, return_url, language, order.now.isoformat()),
    )
    return NeedsAuthentication(url=page_of(confirmation_ref))


def find_confirmation(db: sqlite3.Connection, confirmation_ref: str) -> sqlite3.Row:
    found = db.execute("SELECT * FROM confirmations WHERE confirmation_ref = ?", (confirmation_ref,))
    row: sqlite3.Row | None = found.fetchone()
    if row is None:
        raise UnknownReference("No such confirmation.")
    return row


def answer(db: sqlite3.Connection, *, confirmation_ref: str, is_confirmed: bool, now: datetime) -> None:
    """The customer's answer, once; one that comes too late finds the charge declined."""
    row = find_confirmation(db, confirmation_ref)
    give_up_if_too_late(db, key=row["key"], now=now)
    if not find_confirmation(db, confirmation_ref)["is_open"]:
        return
    outcome: ChargeOutcome = NOT_CONFIRMED
    if is_confirmed:
        amount = payments.to_amount(row["cents"])
        order = payments.Order(
            key=row["key"], amount=amount, currency=row["currency"], now=now, description=row["description"]
        )
        outcome = payments.take(db, card_ref=row["card_ref"], order=order)
    _close(db, key=row["key"], outcome=outcome)


def give_up_if_too_late(db: sqlite3.Connection, *, key: str, now: datetime) -> None:
    row = db.execute("SELECT * FROM confirmations WHERE key = ? AND is_open", (key,)).fetchone()
    if row and now - datetime.fromisoformat(row["created_at"]) > ANSWERED_WITHIN:
        _close(db, key=key, outcome=NOT_CONFIRMED)


def _close(db: sqlite3.Connection, *, key: str, outcome: ChargeOutcome) -> None:
    db.execute("UPDATE confirmations SET is_open = 0 WHERE key = ?", (key,))
    idempotency.replace_answer(db, key=key, answer=wire.encode(outcome))
