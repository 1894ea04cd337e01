"""The ledger of a story: the audit trail's lines that it knows, in the order and with the keys that it names."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.models import AuditRecord
from subscriptions.rules.lifecycle import EndReason

KEYS: dict[str, tuple[str, ...]] = {
    "activated": ("package", "ends_on"),
    "subscribed": ("package", "term", "trial", "price", "first_charge_on"),
    "charged": ("package", "amount", "attempt", "card", "from", "to"),
    "declined": ("package", "attempt", "card", "reason"),
    "not tried": ("package", "attempt", "card", "reason"),
    "failed": ("package", "attempt", "card", "reason"),
    "unknown": ("package", "attempt", "card"),
    "invoice": ("number", "package", "gross", "net", "vat"),
    "cancelled": ("package", "ends_on", "refund"),
    "cancel undone": ("package",),
    "withdrawn": ("package", "refund"),
    "refunded": ("package", "amount", "card"),
    "credit note": ("number", "invoice", "gross", "net", "vat"),
    "ended": ("package", "reason"),
    "refused": ("do", "code"),
    "notice": ("kind", "package", "card"),
}

# What the portal tells beside these is no line of a ledger.
NOTICES = frozenset(
    {
        "order_confirmed",
        "invoice_issued",
        "trial_ending",
        "charge_upcoming",
        "payment_failed",
        "subscription_ended",
        "cancellation_confirmed",
        "withdrawal_receipt",
        "credit_note_issued",
        "complimentary_ending",
        "card_expiring",
        "card_expired",
        "authentication_needed",
    }
)

# A ledger calls both the same: when it was told is what tells them apart.
EARLY = {"charge_upcoming_early": "charge_upcoming"}

# What a rule may answer to a story's act.
CODES = frozenset(
    {
        "card_brand",
        "last_card",
        "no_card",
        "already_subscribed",
        "complimentary_running",
        "not_offered",
        "base_missing",
        "first_charge_declined",
        "withdrawal_over",
        "withdrawal_used",
        "nothing_to_cancel",
        "nothing_to_undo",
        "nothing_to_pay",
        "card_known",
        "card_expired",
        "card_refused",
        "authentication_failed",
        "provider_down",
        "no_vehicle",
    }
)

# Of an act that ends something, what the provider answered comes before the end; what was told comes last. An end that
# came by itself before an act happened before it.
_ENDING_ACTS = {"cancelled", "withdrawn"}
_ENDING_REASONS = {EndReason.VEHICLE_REMOVED}
# A story knows no disputes, no new prices, and one account only.
END_REASONS = frozenset(EndReason) - {
    EndReason.DISPUTE_LOST,
    EndReason.PRICE_NOT_ACCEPTED,
    EndReason.DISCONTINUED,
    EndReason.ACCOUNT_CLOSED,
    EndReason.CONTROL_LOST,
    EndReason.STILL_FREE,
}
# Of an order that waited for its provider, a run says what came of it.
ORDER_REFUSED = "order refused"

Line = dict[str, Any]


def in_ledger_order(records: Iterable[AuditRecord], *, is_act: bool) -> list[AuditRecord]:
    """The records that the ledger knows, as they happened; those of a customer's act as the ledger has them."""
    if not is_act:
        return [record for record in records if _is_line(record) or record.what == ORDER_REFUSED]
    known = [record for record in records if _is_line(record)]
    if not any(_is_ending(record) for record in known):
        return sorted(known, key=lambda record: record.what == "notice")
    turns = _turns(known)
    return sorted(
        known, key=lambda record: (record.what == "notice", turns.get(record.subject_id, 0), record.what == "ended")
    )


def _is_ending(record: AuditRecord) -> bool:
    return record.what in _ENDING_ACTS or (record.what == "ended" and record.data["reason"] in _ENDING_REASONS)


def _turns(records: Iterable[AuditRecord]) -> dict[int | None, int]:
    """Subscriptions in the order in which the act came to them: the lines of each stand together."""
    turns: dict[int | None, int] = {}
    for record in records:
        turns.setdefault(record.subject_id, len(turns))
    return turns


def _is_line(record: AuditRecord) -> bool:
    return record.what in KEYS and (record.what != "notice" or _kind(record.data["kind"]) in NOTICES)


def _kind(kind: str) -> str:
    return EARLY.get(kind, kind)


def refused_line(*, on: str, do: str, code: str) -> Line:
    return {"on": on, "what": "refused", "do": do, "code": code}


def line_of(record: AuditRecord, card_names: Mapping[str, str]) -> Line:
    """The ledger's line; `card_names` gives the story's names by a card's public id in hex."""
    if record.what == ORDER_REFUSED:
        return refused_line(on=record.on.isoformat(), do="subscribe", code="first_charge_declined")
    data = {key: record.data[key] for key in KEYS[record.what] if key in record.data}
    if "kind" in data:
        data["kind"] = _kind(data["kind"])
    if "card" in data:
        data["card"] = card_names.get(data["card"], data["card"])
    return {"on": record.on.isoformat(), "what": record.what, **data}
