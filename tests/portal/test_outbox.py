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
    monkeypatch.setattr("portal.outbox.QUEUES", dict(outbox.QUEUES))
    monkeypatch.setattr("portal.outbox.NEVER_ASKED_AGAIN", set(outbox.NEVER_ASKED_AGAIN))

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


def test_what_nobody_can_ask_for_again_leaves_no_row_after_thirty_days(work, monkeypatch):
    monkeypatch.setattr("portal.outbox.AT_A_TIME", 2)
    outbox.register("of_a_moment", lambda **facts: None, is_never_asked_again=True)
    for number in range(5):
        outbox.enqueue("of_a_moment" if number % 2 else "easy", dedup_key=f"e{number}", now=NOW, email="a@example.com")
    for pk in outbox.waiting(now=NOW):
        outbox.deliver(pk, now=NOW)
    outbox.enqueue("of_a_moment", dedup_key="waits", now=NOW, email="a@example.com")
    assert outbox.forget_done(now=NOW + timedelta(days=31)) == 5
    kept = OutboxMessage.objects.order_by("dedup_key").values_list("dedup_key", flat=True)
    assert list(kept) == ["e0", "e2", "e4", "waits"]


def test_only_what_has_a_random_key_or_one_of_a_moment_is_never_asked_for_again():
    named = sorted(outbox.NEVER_ASKED_AGAIN)
    assert named == ["activation_mail", "mail", "reset_mail", "withdrawal_statement"]


def test_what_comes_in_crowds_hides_nothing_else_and_goes_by_its_own_queue(work, monkeypatch):
    monkeypatch.setattr("portal.outbox.MOST_WAITING", 2)
    outbox.register("crowd", lambda **facts: None, queue="mails")
    outbox.enqueue_all("crowd", [(f"c{number}", {}) for number in range(5)], now=NOW - timedelta(hours=1))
    outbox.enqueue("easy", dedup_key="refund", now=NOW)
    by_queue = outbox.waiting_by_queue(now=NOW)
    assert by_queue[None] == [OutboxMessage.objects.get(dedup_key="refund").pk]
    assert len(by_queue["mails"]) == 2


def test_notices_by_mail_have_a_queue_and_what_somebody_waits_for_has_the_ordinary_one(settings):
    assert outbox.QUEUES == {"notice_mail": "mails", "document_copy": "mails"}
    assert set(outbox.QUEUES.values()) <= {queue.name for queue in settings.CELERY_TASK_QUEUES}
