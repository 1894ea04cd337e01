from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from portal import outbox, trail
from portal.api import idempotency
from portal.clock import database_now


@shared_task
def deliver_outbox_message(message_id: int) -> None:
    outbox.deliver(message_id, now=database_now())


@shared_task
def sweep_outbox() -> None:
    """Delivers what no wake-up has reached: the broker was down, or a handler has failed before."""
    for queue, message_ids in outbox.waiting_by_queue(now=database_now()).items():
        for message_id in message_ids:
            deliver_outbox_message.apply_async((message_id,), queue=queue)


@shared_task
def forget_done_work() -> None:
    """Nightly: what was done long ago leaves no payload behind."""
    outbox.forget_done(now=database_now())


@shared_task
def forget_idempotent_calls() -> None:
    """Keys of the API are kept for a day."""
    idempotency.forget(now=database_now())


@shared_task
def blank_old_trail() -> None:
    """Nightly: what tells who somebody was leaves records of seven years ago (docs/privacy.md)."""
    now = database_now()
    trail.blank_old_records(now=now)
    trail.forget_desk_log(now=now)


@shared_task
def clear_sessions() -> None:
    """Forgets sessions that are over, and the devices and network addresses that they came from."""
    SessionStore.clear_expired()
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    # NOT IN would look through all sessions for each of these.
    UserSession.objects.filter(~Exists(session)).delete()
