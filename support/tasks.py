"""What the worker does on time for the support hub."""

from celery import shared_task

from portal.clock import database_now
from support.actions.forget_cases import forget_cases as forget
from support.actions.unconfirmed import forget_unconfirmed


@shared_task
def forget_cases() -> None:
    """Nightly: the words of cases that were closed long ago, and messages that nobody has confirmed (H5)."""
    now = database_now()
    forget(now=now)
    forget_unconfirmed(now=now)
