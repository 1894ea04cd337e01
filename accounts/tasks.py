"""What the worker does on time for accounts; each reads the clock once and hands it down."""

from celery import shared_task

from accounts.actions.sign_ins import drop_what_is_over
from portal.clock import database_now


@shared_task
def drop_old_sign_ins() -> None:
    """Tokens whose time is over, and sign-ins that have none left (A5)."""
    drop_what_is_over(now=database_now())
