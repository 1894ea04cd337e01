"""What the outbox gives up at once, and what it forgets."""

from datetime import UTC, datetime, timedelta

import pytest

from portal import outbox
from portal.models import OutboxMessage

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def work(db, monkeypatch):
    monkeypatch.setattr("portal.outbox.HANDLERS", dict(outbox.HANDLERS))
    monkeypatch.setattr("portal.outbox.IF_PARKED", dict(outbox.IF_PARKED))

    def hopeless(*, why: str) -> None:
        raise outbox.GivenUp(why)

    kept: list[tuple[str, str, datetime]] = []
    outbox.register(
        "hopeless", hopeless, if_parked=lambda row, error, now: kept.append((row.dedup_key, str(error), now))
    )
    outbox.register("easy", lambda **facts: None)
    return kept


def test_what_no_further_try_would_bring_about_is_parked_at_once(work):
    outbox.enqueue("hopeless", dedup_key="one", now=NOW, why="gone")
    assert not outbox.deliver(OutboxMessage.objects.get().pk, now=NOW)
    row = OutboxMessage.objects.get()
    assert (row.parked_at, row.attempts, row.last_error) == (NOW, 1, "GivenUp: gone")
    assert work == [("one", "gone", NOW)]


def test_a_payload_is_forgotten_thirty_days_after_its_work_was_done_and_its_key_is_not(work, monkeypatch):
    monkeypatch.setattr("portal.outbox.AT_A_TIME", 2)
    for number in range(5):
        outbox.enqueue("easy", dedup_key=f"e{number}", now=NOW, email="maria@example.com")
    for pk in outbox.waiting(now=NOW):
        outbox.deliver(pk, now=NOW)
    outbox.enqueue("easy", dedup_key="waits", now=NOW, email="maria@example.com")
    assert outbox.forget_done(now=NOW + timedelta(days=30)) == 0
    assert outbox.forget_done(now=NOW + timedelta(days=31)) == 5
    assert OutboxMessage.objects.filter(payload={}).count() == 5
    assert OutboxMessage.objects.get(dedup_key="waits").payload
    outbox.enqueue("easy", dedup_key="e0", now=NOW, email="maria@example.com")
    assert OutboxMessage.objects.get(dedup_key="e0").payload == {}
