"""Idempotency: what was asked under a key, and what was answered, kept in the transaction of the effect."""

import json
import sqlite3
from typing import Any

from subscriptions.gateway.sandbox.refusals import KeyReused, RequestRefused


def earlier_answer(db: sqlite3.Connection, *, key: str, method: str, request: list[str]) -> Any:
    """The answer that the key was given before, or None; `KeyReused` if it was given to another request."""
    if not 0 < len(key) <= 255:
        raise RequestRefused("An idempotency key has 1 to 255 characters.")
    row = db.execute("SELECT * FROM requests WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if (row["method"], row["fingerprint"]) != (method, json.dumps(request)):
        raise KeyReused(f"The idempotency key {key} was used for another request.")
    return json.loads(row["outcome"])


def keep_answer(db: sqlite3.Connection, *, key: str, method: str, request: list[str], answer: Any) -> None:
    row = (key, method, json.dumps(request), json.dumps(answer))
    db.execute("INSERT INTO requests (key, method, fingerprint, outcome) VALUES (?, ?, ?, ?)", row)


def replace_answer(db: sqlite3.Connection, *, key: str, answer: Any) -> None:
    """What an open charge came to, once its customer has answered the bank."""
    db.execute("UPDATE requests SET outcome = ? WHERE key = ?", (json.dumps(answer), key))


def answer_by_key(db: sqlite3.Connection, *, key: str, method: str) -> Any:
    row = db.execute("SELECT outcome FROM requests WHERE key = ? AND method = ?", (key, method)).fetchone()
    return row and json.loads(row["outcome"])
