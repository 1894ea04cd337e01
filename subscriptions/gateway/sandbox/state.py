"""The sandbox's memory: one SQLite file (or ":memory:"), changed by one transaction at a time."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

BUSY_SECONDS = 30.0
# No column holds a card number: fingerprint is its HMAC, last4 its end (W1).
SCHEMA = """
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS requests (
    key TEXT PRIMARY KEY, method TEXT NOT NULL, fingerprint TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setups (
    setup_ref TEXT PRIMARY KEY, customer_ref TEXT NOT NULL, return_url TEXT NOT NULL, language TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('open', 'authenticating', 'added', 'failed')),
    reason TEXT NOT NULL DEFAULT '', card_ref TEXT REFERENCES cards, created_at TEXT NOT NULL,
    CHECK ((stage IN ('authenticating', 'added')) <= (card_ref IS NOT NULL)));
CREATE TABLE IF NOT EXISTS cards (
    card_ref TEXT PRIMARY KEY, customer_ref TEXT NOT NULL, fingerprint TEXT NOT NULL, brand TEXT NOT NULL,
    funding TEXT NOT NULL, last4 TEXT NOT NULL CHECK (length(last4) = 4), exp_month INTEGER NOT NULL,
    exp_year INTEGER NOT NULL, behaviour TEXT NOT NULL, refund_behaviour TEXT NOT NULL DEFAULT 'ok',
    is_usable INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS charges (
    position INTEGER PRIMARY KEY AUTOINCREMENT, charge_ref TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    card_ref TEXT NOT NULL REFERENCES cards, cents INTEGER NOT NULL CHECK (cents > 0), currency TEXT NOT NULL,
    description TEXT NOT NULL, refunded_cents INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL,
    CHECK (refunded_cents BETWEEN 0 AND cents));
CREATE TABLE IF NOT EXISTS confirmations (
    confirmation_ref TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, card_ref TEXT NOT NULL REFERENCES cards,
    cents INTEGER NOT NULL CHECK (cents > 0), currency TEXT NOT NULL, description TEXT NOT NULL,
    return_url TEXT NOT NULL, language TEXT NOT NULL, created_at TEXT NOT NULL, is_open INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS refunds (
    refund_ref TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, charge_ref TEXT NOT NULL REFERENCES charges (charge_ref),
    cents INTEGER NOT NULL CHECK (cents > 0), created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS disputes (
    position INTEGER PRIMARY KEY AUTOINCREMENT, dispute_ref TEXT NOT NULL UNIQUE,
    charge_ref TEXT NOT NULL UNIQUE REFERENCES charges (charge_ref), cents INTEGER NOT NULL CHECK (cents > 0),
    state TEXT NOT NULL CHECK (state IN ('opened', 'won', 'lost')), opened_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL, due_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, is_done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS events_waiting ON events (due_at) WHERE is_done = 0;
CREATE TABLE IF NOT EXISTS choices (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class State:
    """Safe for many threads, and for many processes on one file as long as each process opens its own."""

    def __init__(self, path: Path | str) -> None:
        self._lock = Lock()
        # The rollback journal rather than WAL: switching a fresh file to WAL is not safe against others who open it.
        self._connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA foreign_keys = ON")
        # Outlives the death of the process, if not that of the machine; it is a sandbox.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self.transaction() as db:
            for statement in SCHEMA.split(";\n"):
                db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything in the block or, after an exception, nothing; alone in the whole file from its first line."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def secret(db: sqlite3.Connection, name: str) -> bytes:
    """A secret of this state's own, made at its first use."""
    db.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, secrets.token_bytes(32)))
    value: bytes = db.execute("SELECT value FROM secrets WHERE name = ?", (name,)).fetchone()["value"]
    return value
