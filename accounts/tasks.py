"""What the worker does on time; each reads the clock once and hands it down."""

from celery import shared_task

from accounts.actions import retention
from portal.clock import database_now


@shared_task
def forget_notices() -> None:
    """Nightly: what has been in the inbox for as long as the market keeps it (N2), and mails that arrived after all."""
    now = database_now()
    retention.forget_notices(now=now)
    retention.forget_undelivered(now=now)
