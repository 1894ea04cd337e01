"""Ends that have come: the service goes off on the first day without it."""

from datetime import datetime

from django.db import transaction

from accounts.models import Account
from portal import audit
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import EndReason, Status
from subscriptions.telling import tell_complimentary


def end_if_reached(*, subscription_id: int, now: datetime, by: Account | None = None) -> bool:
    """Ends a live subscription whose end date has come; True if this call ended it."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        if not subscription.is_live or subscription.ends_on is None or subscription.ends_on > today:
            return False
        end_now(subscription, now=now, by=by)
        if subscription.end_reason == EndReason.EXPIRED:
            tell_complimentary(subscription, "complimentary_ended", now=now)
        return True


def end_now(subscription: Subscription, *, now: datetime, by: Account | None) -> None:
    """Within the caller's transaction and lock: `ends_on` and `end_reason` are set already."""
    subscription.move_to(Status.ENDED)
    subscription.ended_at = now
    subscription.next_charge_on = None
    subscription.next_try_on = None
    subscription.save(update_fields=["status", "ended_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])
    audit.record(
        "ended",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        reason=subscription.end_reason,
    )
