"""Whether portal and floor write the same: otherwise the floor would be too low, and the ratio flattering."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.benchmarks.databases import Database

TABLES = (
    "subscriptions_payment",
    "subscriptions_document",
    "accounts_notice",
    "portal_auditrecord",
    "portal_outboxmessage",
)
# What differs from one charge to the next: identifiers, numbers, dates.
_OWN = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\d+")
# The portal's address differs in language and place; that there is one is seen.
_PATH = re.compile(r'"/[^"]*"')


class RowsDiffer(AssertionError):
    """The floor has to be brought in line with what the portal writes."""


def check(database: Database, *, portal: Callable[[int], object], floor: Callable[[int], object]) -> None:
    """One charge each: the same rows, but for identifiers and numbers. Raises `RowsDiffer`."""
    database.refill()
    written = [_written(database, collect) for collect in (portal, floor)]
    for table, ours, theirs in zip([*TABLES, "subscription"], *written, strict=True):
        if ours != theirs:
            raise RowsDiffer(f"{table}\n  portal {ours}\n  floor  {theirs}")


def _written(database: Database, collect: Callable[[int], object]) -> list[list[str]]:
    [subscription_id] = database.take()
    before = {table: database.rows(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0] for table in TABLES}
    collect(subscription_id)
    rows = [
        database.rows(f"SELECT to_jsonb(t) FROM {table} t WHERE id > {before[table]} ORDER BY id") for table in TABLES
    ]
    changed = database.rows(f"SELECT to_jsonb(t) FROM subscriptions_subscription t WHERE id = {subscription_id}")
    return [[_masked(row) for (row,) in table] for table in [*rows, changed]]


def _masked(row: dict[str, Any]) -> str:
    return _PATH.sub('"/"', _OWN.sub("#", json.dumps(row, sort_keys=True)))
