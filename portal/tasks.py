from celery import shared_task
from django.utils import timezone

from portal import outbox


@shared_task
def deliver_outbox_message(message_id: int) -> None:
    outbox.deliver(message_id, now=timezone.now())


@shared_task
def sweep_outbox() -> None:
    """Delivers what no wake-up has reached: the broker was down, or a handler has failed before."""
    for message_id in outbox.waiting(now=timezone.now()):
        deliver_outbox_message.delay(message_id)
