"""Entering a card: open, authenticating, then added or failed. Every function runs in its caller's transaction."""

import hashlib
import hmac
import secrets
import sqlite3
from datetime import date

from subscriptions.gateway.port import CardAdded, CardDetails, SetupFailed, SetupOutcome, SetupPending
from subscriptions.gateway.sandbox import state
from subscriptions.gateway.sandbox.cards import BEHAVIOURS, LENGTHS, Behaviour, passes_luhn, sample_card
from subscriptions.gateway.sandbox.refusals import RequestRefused, UnknownReference


def check_return_url(return_url: str, *, return_origins: frozenset[str]) -> None:
    """Refuses an address outside the allow-list, and all that one parser may read otherwise than another."""
    is_plain = return_url.isascii() and return_url.isprintable() and not set(return_url) & set(" \\")
    origin = "/".join(return_url.split("/")[:3])
    if not is_plain or origin not in return_origins:
        raise RequestRefused("The return address is not of an allowed origin.")


def open_setup(db: sqlite3.Connection, *, customer_ref: str, return_url: str, language: str, created_at: str) -> str:
    setup_ref = f"setup_{secrets.token_urlsafe(24)}"
    db.execute(
        "INSERT INTO setups (setup_ref, customer_ref, return_url, language, stage, created_at)"
        " VALUES (?, ?, ?, ?, 'open', ?)",
        (setup_ref, customer_ref, return_url, language, created_at),
    )
    return setup_ref


def find_setup(db: sqlite3.Connection, setup_ref: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM setups WHERE setup_ref = ?", (setup_ref,)).fetchone()
    if row is None:
        raise UnknownReference("No such card setup.")
    return row


def enter_card(
    db: sqlite3.Connection,
    *,
    setup_ref: str,
    number: str,
    exp_month: int,
    exp_year: int,
    behaviour: Behaviour | None = None,
) -> None:
    """Takes the card of an open setup, not yet usable; of one that is further on nothing is changed."""
    setup = find_setup(db, setup_ref)
    sample = sample_card(number)
    if len(number) not in LENGTHS.get(sample.brand, ()) or not passes_luhn(number):
        raise RequestRefused("That cannot be a card number.")
    if not (1 <= exp_month <= 12 and 2000 <= exp_year <= 2099) or (behaviour and behaviour not in BEHAVIOURS):
        raise RequestRefused("No such expiry date or behaviour.")
    if setup["stage"] != "open":
        return
    card_ref = f"card_{secrets.token_urlsafe(12)}"
    fingerprint = hmac.new(state.secret(db, "fingerprint"), number.encode(), hashlib.sha256).hexdigest()[:32]
    card = (card_ref, setup["customer_ref"], fingerprint, sample.brand, sample.funding, number[-4:])
    db.execute(
        "INSERT INTO cards (card_ref, customer_ref, fingerprint, brand, funding, last4, exp_month, exp_year, behaviour)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*card, exp_month, exp_year, behaviour or sample.behaviour),
    )
    db.execute("UPDATE setups SET stage = 'authenticating', card_ref = ? WHERE setup_ref = ?", (card_ref, setup_ref))


def authenticate(db: sqlite3.Connection, *, setup_ref: str, is_confirmed: bool, today: date) -> None:
    """The customer's answer to 3-D Secure (W2). Before a card is entered, or once finished, nothing is changed."""
    setup = find_setup(db, setup_ref)
    if setup["stage"] != "authenticating":
        return
    card = find_card(db, setup["card_ref"])
    if not is_confirmed or card["behaviour"] == "fails_3ds":
        fail(db, setup_ref=setup_ref, reason="authentication_failed")
    elif has_expired(card, today=today):
        fail(db, setup_ref=setup_ref, reason="expired")
    else:
        db.execute("UPDATE cards SET is_usable = 1 WHERE card_ref = ?", (card["card_ref"],))
        db.execute("UPDATE setups SET stage = 'added' WHERE setup_ref = ?", (setup_ref,))


def fail(db: sqlite3.Connection, *, setup_ref: str, reason: str) -> None:
    """Ends a setup that has not ended."""
    find_setup(db, setup_ref)
    db.execute(
        "UPDATE setups SET stage = 'failed', reason = ? WHERE setup_ref = ? AND stage IN ('open', 'authenticating')",
        (reason, setup_ref),
    )


def setup_outcome(db: sqlite3.Connection, setup_ref: str) -> SetupOutcome:
    setup = find_setup(db, setup_ref)
    if setup["stage"] == "failed":
        return SetupFailed(reason=setup["reason"])
    if setup["stage"] != "added":
        return SetupPending()
    card = find_card(db, setup["card_ref"])
    # This provider does not tell the country of a card.
    told = CardDetails.__dataclass_fields__.keys() & set(card.keys())
    return CardAdded(card=CardDetails(**{name: card[name] for name in told}))


def find_card(db: sqlite3.Connection, card_ref: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM cards WHERE card_ref = ?", (card_ref,)).fetchone()
    if row is None:
        raise UnknownReference("No such card.")
    return row


def has_expired(card: sqlite3.Row, *, today: date) -> bool:
    """A card is good until the last day of its expiry month."""
    return (card["exp_year"], card["exp_month"]) < (today.year, today.month)
