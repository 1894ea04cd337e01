"""The outbox: mail and tasks leave on commit, from a row, so that a broker or mail server that is down loses nothing.

An action calls `enqueue` inside its transaction. On commit the worker is woken up; if the broker is down the sweep
finds the row. Handlers are registered by name from `AppConfig.ready()`, take the payload as keywords, run outside of
any transaction and must be safe to run twice. What is given up is parked for staff: at once where a handler raises
`GivenUp`, else after `MOST_ATTEMPTS`. Whoever keeps a list of such work says so with `if_parked`; whose keys nobody can
ask by again, since they are random or of a moment, with `is_never_asked_again`. What comes in crowds has a `queue`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, QuerySet

from portal.batches import insert_all
from portal.models import OutboxMessage

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
# Called with the row, the error and the moment, in the transaction that parks the row.
IfParked = Callable[[OutboxMessage, Exception, datetime], None]
IF_PARKED: dict[str, IfParked] = {}
# Of work that comes by the ten thousand, so that a refund or a sign-in's mail does not stand behind it.
QUEUES: dict[str, str] = {}
NEVER_ASKED_AGAIN: set[str] = set()

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
# A row that is done needs no payload; so long it is there for whoever asks what was done.
FORGOTTEN_AFTER = timedelta(days=30)
AT_A_TIME = MOST_WAITING = 1000

_is_asleep: ContextVar[bool] = ContextVar("outbox_is_asleep", default=False)


class GivenUp(Exception):
    """Raised by a handler for what no further try would bring about: the row is parked at once."""


def register(
    name: str,
    handler: Handler,
    *,
    if_parked: IfParked | None = None,
    is_never_asked_again: bool = False,
    queue: str = "",
) -> None:
    HANDLERS[name] = handler
    if queue:
        QUEUES[name] = queue
    if if_parked:
        IF_PARKED[name] = if_parked
    if is_never_asked_again:
        NEVER_ASKED_AGAIN.add(name)


def enqueue(handler: str, *, dedup_key: str, now: datetime, **payload: Any) -> None:
    """Asks for work after commit; a second call with the same `dedup_key` changes nothing."""
    message, created = OutboxMessage.objects.get_or_create(
        dedup_key=dedup_key, defaults={"handler": handler, "payload": payload, "created_at": now, "due_at": now}
    )
    if created and not _is_asleep.get():
        transaction.on_commit(
            lambda: _wake("portal.tasks.deliver_outbox_message", message.pk, queue=QUEUES.get(handler))
        )


def enqueue_all(handler: str, work: Iterable[tuple[str, dict[str, Any]]], *, now: datetime) -> None:
    """Asks for the same kind of work many times, each with its `dedup_key` and payload; the worker is woken up once."""
    messages = [
        OutboxMessage(dedup_key=key, handler=handler, payload=payload, created_at=now, due_at=now)
        for key, payload in work
    ]
    insert_all(messages, passes_over_known=True)
    if messages and not _is_asleep.get():
        transaction.on_commit(lambda: _wake("portal.tasks.sweep_outbox"))


@contextmanager
def asleep() -> Iterator[None]:
    """No worker is woken up: rehearsals play in another database, and do what they need of the outbox themselves."""
    token = _is_asleep.set(True)
    try:
        yield
    finally:
        _is_asleep.reset(token)


def deliver(message_id: int, *, now: datetime) -> bool:
    """Does the work of one row, unless it is done, parked, not yet due or in another worker's hands. True if done."""
    claimed = OutboxMessage.objects.filter(
        pk=message_id, done_at__isnull=True, parked_at__isnull=True, due_at__lte=now
    ).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    try:
        HANDLERS[message.handler](**message.payload)
    except GivenUp as error:
        logger.warning("outbox: %s is given up", message)
        _put_back(message, error=error, now=now, is_last=True)
        return False
    except Exception as error:
        logger.exception("outbox: %s failed (attempt %s)", message, message.attempts)
        _put_back(message, error=error, now=now, is_last=message.attempts >= MOST_ATTEMPTS)
        return False
    OutboxMessage.objects.filter(pk=message_id).update(done_at=now, last_error="")
    return True


def waiting(*, now: datetime) -> list[int]:
    """Ids of rows that are due, oldest first."""
    return _oldest(_due(now))


def waiting_by_queue(*, now: datetime) -> dict[str | None, list[int]]:
    """The same apart for each queue, None being the ordinary one: a hundred thousand mails hide nothing else."""
    by_queue: dict[str | None, list[int]] = {None: _oldest(_due(now).exclude(handler__in=QUEUES))}
    for queue in sorted(set(QUEUES.values())):
        handlers = [handler for handler, own in QUEUES.items() if own == queue]
        by_queue[queue] = _oldest(_due(now).filter(handler__in=handlers))
    return by_queue


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(done_at__isnull=True, parked_at__isnull=True, due_at__lte=now)


def _oldest(rows: QuerySet[OutboxMessage]) -> list[int]:
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:MOST_WAITING])


def try_again(message_ids: list[int], *, now: datetime) -> int:
    """Gives parked rows all their attempts back, due at once; how many there were."""
    parked = OutboxMessage.objects.filter(pk__in=message_ids, parked_at__isnull=False)
    return parked.update(parked_at=None, attempts=0, due_at=now)


def forget_done(*, now: datetime) -> int:
    """Empties the payloads of what was done long ago; how many. The rows stay, so that their work is not asked for
    twice, but for those that nobody can ask for again."""
    done = OutboxMessage.objects.filter(done_at__lt=now - FORGOTTEN_AFTER).exclude(payload={})
    count = 0
    while batch := list(done.order_by("done_at").values_list("pk", flat=True)[:AT_A_TIME]):
        rows = OutboxMessage.objects.filter(pk__in=batch)
        rows.filter(handler__in=NEVER_ASKED_AGAIN).delete()
        rows.update(payload={})
        count += len(batch)
    return count


@transaction.atomic
def _put_back(message: OutboxMessage, *, error: Exception, now: datetime, is_last: bool) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(
        due_at=now + min(timedelta(seconds=30) * 2**message.attempts, timedelta(hours=6)),
        parked_at=now if is_last else None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
    if is_last and message.handler in IF_PARKED:
        IF_PARKED[message.handler](message, error, now)


def _wake(task: str, *arguments: int, queue: str | None = None) -> None:
    try:
        current_app.send_task(task, args=arguments, queue=queue)
    except Exception:
        # The rows stay; the sweep delivers them when the broker is back.
        logger.warning("outbox: broker not reachable, %s%s waits for the sweep", task, arguments)
