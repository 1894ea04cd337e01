"""What the worker does for the hub on time."""

from datetime import timedelta

from celery import shared_task

from portal.clock import database_now
from support.actions.drafts import publish_due
from support.actions.forgetting import forget_feedback

# So long the editors need words that somebody wrote; after it they go, whatever they held.
KEPT = timedelta(days=730)


@shared_task
def publish_due_drafts() -> None:
    publish_due(now=database_now())


@shared_task
def forget_old_feedback() -> None:
    forget_feedback(before=(database_now() - KEPT).date())
