"""The ledger of a story: the audit trail's lines that it knows, in the order and with the keys that it names."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.models import AuditRecord

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

# Of a customer's act, what the provider answered comes before the end, and what was told comes last.
_LATE = {"ended": 1, "notice": 2}

Line = dict[str, Any]


def in_ledger_order(records: Iterable[AuditRecord], *, is_act: bool) -> list[AuditRecord]:
    """The records that the ledger knows, as they happened; those of a customer's act as the ledger has them."""
    known = [record for record in records if record.what in KEYS]
    return sorted(known, key=lambda record: _LATE.get(record.what, 0)) if is_act else known


def refused_line(*, on: str, do: str, code: str) -> Line:
    return {"on": on, "what": "refused", "do": do, "code": code}


def line_of(record: AuditRecord, card_names: Mapping[str, str]) -> Line:
    """The ledger's line; `card_names` gives the story's names by a card's public id in hex."""
    data = {key: record.data[key] for key in KEYS[record.what] if key in record.data}
    if "card" in data:
        data["card"] = card_names.get(data["card"], data["card"])
    return {"on": record.on.isoformat(), "what": record.what, **data}
