"""Disputes (chargebacks): what the customer's bank claims back. Every function runs in its caller's transaction."""

import secrets
import sqlite3
from datetime import datetime

from subscriptions.gateway.port import DisputeStanding
from subscriptions.gateway.sandbox.payments import to_amount
from subscriptions.gateway.sandbox.refusals import RequestRefused, UnknownReference

_SELECT = (
    "SELECT disputes.*, charges.key AS charge_key, charges.currency FROM disputes"
    " JOIN charges ON charges.charge_ref = disputes.charge_ref"
)


def open_dispute(db: sqlite3.Connection, *, charge_ref: str, now: datetime) -> str:
    """The bank claims what is left of a charge; from now on no refund of it is taken. One dispute a charge."""
    charge = db.execute("SELECT * FROM charges WHERE charge_ref = ?", (charge_ref,)).fetchone()
    if charge is None:
        raise UnknownReference("No such charge.")
    left = charge["cents"] - charge["refunded_cents"]
    if not left or db.execute("SELECT 1 FROM disputes WHERE charge_ref = ?", (charge_ref,)).fetchone():
        raise RequestRefused("This charge cannot be disputed: nothing is left of it, or it was disputed before.")
    dispute_ref = f"dispute_{secrets.token_urlsafe(12)}"
    db.execute(
        "INSERT INTO disputes (dispute_ref, charge_ref, cents, state, opened_at) VALUES (?, ?, ?, 'opened', ?)",
        (dispute_ref, charge_ref, left, now.timestamp()),
    )
    return dispute_ref


def decide(db: sqlite3.Connection, *, dispute_ref: str, state: str) -> bool:
    """`won` or `lost`, as seen from the seller; False if it had been decided so before."""
    dispute = find_dispute(db, dispute_ref)
    if dispute is None:
        raise UnknownReference("No such dispute.")
    if dispute.state == state:
        return False
    if dispute.state != "opened":
        raise RequestRefused("This dispute has been decided.")
    db.execute("UPDATE disputes SET state = ? WHERE dispute_ref = ?", (state, dispute_ref))
    return True


def find_dispute(db: sqlite3.Connection, dispute_ref: str) -> DisputeStanding | None:
    row = db.execute(f"{_SELECT} WHERE dispute_ref = ?", (dispute_ref,)).fetchone()
    return row and _standing(row)


def disputes(db: sqlite3.Connection, *, since: datetime) -> list[DisputeStanding]:
    rows = db.execute(f"{_SELECT} WHERE disputes.opened_at >= ? ORDER BY disputes.position", (since.timestamp(),))
    return [_standing(row) for row in rows]


def _standing(row: sqlite3.Row) -> DisputeStanding:
    return DisputeStanding(
        dispute_ref=row["dispute_ref"],
        charge_key=row["charge_key"],
        amount=to_amount(row["cents"]),
        currency=row["currency"],
        state=row["state"],
    )
