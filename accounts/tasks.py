"""What the worker does on time for accounts; each reads the clock once and hands it down."""

from datetime import datetime

from celery import shared_task

from accounts.actions import export, hooks, retention
from accounts.actions.sign_ins import drop_what_is_over
from accounts.hooks import finding
from portal.clock import database_now


@shared_task
def forget_notices() -> None:
    """Nightly: what has been in the inbox for as long as the market keeps it (N2), and mails that arrived after all."""
    now = database_now()
    retention.forget_notices(now=now)
    retention.forget_undelivered(now=now)


@shared_task
def end_exports() -> None:
    """Nightly: exports whose seven days are over are deleted (A6)."""
    export.end_exports(now=database_now())


@shared_task
def drop_old_sign_ins() -> None:
    """Tokens whose time is over, and sign-ins that have none left (A5)."""
    drop_what_is_over(now=database_now())


@shared_task
def tell_by_webhooks() -> None:
    """Every ten seconds: what has happened since becomes events, and what is due is handed over, one by one."""
    now = database_now()
    finding.find_events(now=now)
    for delivery_id in hooks.hand_over(now=now):
        send_webhook.delay(delivery_id, now.isoformat())


@shared_task
def send_webhook(delivery_id: int, handed_over_at: str) -> None:
    hooks.send(delivery_id, handed_over_at=datetime.fromisoformat(handed_over_at), clock=database_now)


@shared_task
def forget_webhooks() -> None:
    """Nightly: events are kept for thirty days."""
    hooks.forget(now=database_now())
