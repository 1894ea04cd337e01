"""What the provider tells of its own accord: events, kept in the transaction of what they tell of, and sent later.

A customer of a sandbox may choose how badly they are delivered. Every function that takes `db` runs in its caller's
transaction.
"""

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from subscriptions.gateway.port import Event, ForgedEvent
from subscriptions.gateway.sandbox.refusals import RequestRefused
from subscriptions.gateway.signatures import is_signed, sign

SIGNATURE = "Sandbox-Signature"
Delivery = Literal["once", "five_times", "out_of_order", "before_the_answer", "never"]
DELIVERIES: frozenset[str] = frozenset(get_args(Delivery))
MOST_ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 3600.0
LONGEST_WORD = 200


@dataclass(frozen=True, kw_only=True)
class KeptEvent:
    """An event as it will be sent: `body` is JSON; `attempts` have failed so far."""

    event_id: str
    kind: str
    key: str
    body: bytes
    attempts: int = 0

    def headers(self, *, secret: str, at: datetime) -> dict[str, str]:
        """What goes with the body when it is sent at `at`."""
        return {SIGNATURE: sign(self.body, secret=secret, at=int(at.timestamp())), "Content-Type": "application/json"}


def keep(db: sqlite3.Connection, *, kind: str, key: str, now: datetime) -> None:
    event_id = f"event_{secrets.token_urlsafe(12)}"
    body = json.dumps({"id": event_id, "kind": kind, "key": key, "created": now.isoformat()})
    db.execute(
        "INSERT INTO events (event_id, kind, key, body, due_at) VALUES (?, ?, ?, ?, ?)",
        (event_id, kind, key, body, now.timestamp()),
    )


def all_events(db: sqlite3.Connection) -> list[KeptEvent]:
    """Everything that was ever told, oldest first."""
    return [_event(row) for row in db.execute("SELECT * FROM events ORDER BY position")]


def waiting(db: sqlite3.Connection, *, now: datetime, limit: int = 100) -> list[KeptEvent]:
    """What is to be sent now, oldest first."""
    rows = db.execute(
        "SELECT * FROM events WHERE is_done = 0 AND due_at <= ? ORDER BY position LIMIT ?", (now.timestamp(), limit)
    )
    return [_event(row) for row in rows]


def mark_done(db: sqlite3.Connection, event_id: str) -> None:
    db.execute("UPDATE events SET is_done = 1 WHERE event_id = ?", (event_id,))


def put_back(db: sqlite3.Connection, event: KeptEvent, *, now: datetime) -> None:
    """Nobody took it: again after 2, 4, 8 ... seconds, at most an hour; given up after `MOST_ATTEMPTS`."""
    attempts = event.attempts + 1
    due_at = now.timestamp() + min(2.0**attempts, LONGEST_PAUSE_SECONDS)
    row = (attempts, due_at, attempts >= MOST_ATTEMPTS, event.event_id)
    db.execute("UPDATE events SET attempts = ?, due_at = ?, is_done = ? WHERE event_id = ?", row)


def set_delivery(db: sqlite3.Connection, delivery: str) -> None:
    if delivery not in DELIVERIES:
        raise RequestRefused(f"No such delivery: {delivery}")
    db.execute("INSERT OR REPLACE INTO choices VALUES ('delivery', ?)", (delivery,))


def delivery(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM choices WHERE name = 'delivery'").fetchone()
    return row["value"] if row else "once"


def read_event(*, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
    """As the port says: the receiving side, for the portal."""
    if not is_signed(headers.get(SIGNATURE, ""), body, secrets=secrets, at=now.timestamp()):
        raise ForgedEvent("The signature is not the provider's, or too old.")
    try:
        data = json.loads(body)
        words = [data["id"], data["kind"], data["key"]]
    except (ValueError, LookupError, TypeError) as error:
        raise ForgedEvent("The event cannot be read.") from error
    if not all(isinstance(word, str) and 0 < len(word) <= LONGEST_WORD and "\0" not in word for word in words):
        raise ForgedEvent("The event lacks what it must say.")
    return Event(event_id=words[0], kind=words[1], subject_key=words[2])


def _event(row: sqlite3.Row) -> KeptEvent:
    return KeptEvent(
        event_id=row["event_id"],
        kind=row["kind"],
        key=row["key"],
        body=row["body"].encode(),
        attempts=row["attempts"],
    )
