"""What must hold after every fault: the ledger, the provider's list, the numbers, the outbox."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection

from portal import outbox
from portal.models import OutboxMessage
from subscriptions.ledger.check import check_ledger
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.models import Document
from tests.faults.bank import Bank

EVER = timedelta(days=3000)


def assert_books_are_right(bank: Bank, *, now: datetime) -> None:
    """Ledger clean, books equal to the provider's list, no period charged twice there, numbers 1 to n, none parked."""
    assert [str(finding) for finding in check_ledger(now=now)] == []
    differences = compare_with_provider(gateway=bank.gateway, since=now - EVER, now=now)
    assert [str(difference) for difference in differences] == []
    assert_nothing_was_taken_twice(bank)
    assert_numbers_run_without_gap()


def assert_nothing_was_taken_twice(bank: Bank) -> None:
    """By the provider's own list: a subscription's period has one charge at most, whatever became of it (P4)."""
    taken = Counter(key.rpartition(":")[0] for key in bank.charged())
    assert [period for period, times in taken.items() if times > 1] == []


def assert_numbers_run_without_gap() -> None:
    series: dict[tuple, list[int]] = {}
    for kind, year, sequence in Document.objects.values_list("kind", "year", "sequence").order_by("sequence"):
        series.setdefault((kind, year), []).append(sequence)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in series.values()), series


def drain(*, now: datetime) -> None:
    """The worker does what waits in the outbox; nothing may be left."""
    while waiting := outbox.waiting(now=now):
        assert all(outbox.deliver(message_id, now=now) for message_id in waiting)
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()


def database_settings() -> dict:
    """How other processes reach the database of this test: by the ordinary backend, without a lease on the server."""
    known = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    return {key: connection.settings_dict[key] for key in known} | {"ENGINE": "django.db.backends.postgresql"}


def give_back(*, now: datetime) -> None:
    """The worker pays the refunds that wait; mails are left."""
    refunds = OutboxMessage.objects.filter(handler="refund", done_at__isnull=True)
    for message_id in refunds.values_list("pk", flat=True):
        assert outbox.deliver(message_id, now=now)
