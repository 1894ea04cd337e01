"""What the worker does on time for the support hub."""

from datetime import timedelta

from celery import shared_task

from portal.clock import database_now
from support.actions.drafts import publish_due
from support.actions.evidence import forget_evidence
from support.actions.forget_cases import forget_cases as forget
from support.actions.forgetting import forget_feedback
from support.actions.unconfirmed import forget_unconfirmed

# So long the editors need words that somebody wrote; after it they go, whatever they held.
KEPT = timedelta(days=730)


@shared_task
def publish_due_drafts() -> None:
    """Every few minutes: drafts whose moment has come (H1)."""
    publish_due(now=database_now())


@shared_task
def forget_old_feedback() -> None:
    """Nightly: votes and searches in vain of years ago (H4)."""
    forget_feedback(before=(database_now() - KEPT).date())


@shared_task
def forget_cases() -> None:
    """Nightly: words of cases closed long ago, messages that nobody has confirmed, and evidence of then (H5)."""
    now = database_now()
    forget(now=now)
    forget_evidence(now=now)
    forget_unconfirmed(now=now)
