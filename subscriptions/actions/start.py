"""What was ordered ahead begins when the free period ends: with its free month, or with its first charge due (C4)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from portal import audit
from portal.models import Market
from portal.querying.written import Given, written
from subscriptions.actions.conclude import use_trial
from subscriptions.actions.end import end_now
from subscriptions.actions.provision import ask_to_switch_on
from subscriptions.actions.whose import given, only
from subscriptions.centre.free_periods import free_period
from subscriptions.models import Subscription
from subscriptions.notices.telling import tell_stopped
from subscriptions.rules.lifecycle import EndReason, Status


def orders_to_start(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of those whose day has come, in its order. One query."""
    return _to_start(**given(market, account_id), today=market.local_date(now))


@written
def _to_start(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[Subscription, int]:
    come = Subscription.objects.ordered_ahead().filter(only(account), market=market, activated_on__lte=today)
    return come.order_by("activated_on", "pk").values_list("pk", flat=True)


def start(*, subscription_id: int, now: datetime) -> bool:
    """Begins one that was ordered ahead, as its contract says: all dates count from its activation date (S5), however
    late the run is. True if this call began it.

    Where the package is still free on that day (the car's facts were mended meanwhile) the order ends, and nothing is
    owed: nobody pays for what comes with the car.
    """
    with transaction.atomic():
        # Before the subscription: the account's free month is used up (S3).
        Account.objects.select_for_update(of=["self"], no_key=True).get(subscriptions=subscription_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        if not subscription.is_scheduled or subscription.activated_on > today:
            return False
        if _is_still_free(subscription, today=today):
            _give_up(subscription, now=now)
            return False
        _begin(subscription, now=now)
        return True


def _is_still_free(subscription: Subscription, *, today: date) -> bool:
    """On the day on which it was to begin."""
    free = free_period(subscription.vehicle, subscription.package, subscription.market)
    same = {"vehicle": subscription.vehicle_id, "package": subscription.package_id}
    if free is not None and subscription.activated_on < free.end_on:
        return True
    return Subscription.objects.begun().filter(**same).exclude(ends_on__lte=today).exists()


def _begin(subscription: Subscription, *, now: datetime) -> None:
    subscription.move_to(Status.TRIAL if subscription.trial_months else Status.PAID)
    subscription.next_try_on = subscription.next_charge_on
    subscription.save(update_fields=["status", "next_try_on"])
    if subscription.is_in_trial:
        use_trial(subscription, now=now)
    ask_to_switch_on(subscription, now=now)
    audit.record(
        "started",
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
    )


def _give_up(subscription: Subscription, *, now: datetime) -> None:
    subscription.ends_on = subscription.market.local_date(now)
    subscription.end_reason = EndReason.STILL_FREE
    end_now(subscription, now=now, by=None)
    tell_stopped(subscription, now=now)
