"""Webhooks that the app's backend does not take are work for staff (K4)."""

from datetime import datetime

from accounts.models import HookEndpoint
from subscriptions.actions.work import open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models.work import HOOK_NOT_TAKEN


def open_work(endpoint: HookEndpoint, text: str, now: datetime) -> None:
    """One item of an endpoint, however much it has not taken."""
    open_work_items([Finding(check=HOOK_NOT_TAKEN, subject=endpoint.code, text=text)], now=now)
