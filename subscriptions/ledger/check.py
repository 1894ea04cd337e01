"""Proves for the whole database that it adds up: one query a check, however many rows there are."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from subscriptions.ledger.contracts import CONTRACTS
from subscriptions.ledger.control import CONTROL
from subscriptions.ledger.documents import DOCUMENTS
from subscriptions.ledger.finding import Check, Finding
from subscriptions.ledger.payments import PAYMENTS
from subscriptions.ledger.records import RECORDS
from subscriptions.ledger.terms import TERMS

CHECKS = (*PAYMENTS, *DOCUMENTS, *CONTRACTS, *TERMS, *RECORDS, *CONTROL)


def check_ledger(*, now: datetime) -> Iterator[Finding]:
    """Every row that does not agree, check by check; nothing while all is well.

    Only reads. Each check is one statement and so sees one state of the database, while others go on charging.
    """
    for check in CHECKS:
        yield from _rows_against(check, now=now)


def _rows_against(check: Check, *, now: datetime) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(check.sql, {"now": now})
        for subject, text in cursor:
            yield Finding(check=check.name, subject=str(subject), text=text)
