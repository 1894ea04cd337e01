"""What the worker does on time; each reads the clock once and hands it down."""

from celery import shared_task

from accounts.actions import export
from portal.clock import database_now


@shared_task
def end_exports() -> None:
    """Nightly: exports whose seven days are over are deleted (A6)."""
    export.end_exports(now=database_now())
