"""Moving an end later as goodwill: nothing is charged for it, and what was agreed stays (K3, S5)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.models import Extension, PlannedChange, Subscription
from subscriptions.notices.telling import tell_about
from subscriptions.rules.extending import Ending, Obstacle, extend
from subscriptions.rules.lifecycle import Status

REFUSALS = {
    Obstacle.NOT_RUNNING: _("Only what is running can be extended."),
    Obstacle.RENEWS: _("It renews: its charge dates are those of the contract. Refund a part of the charge instead."),
    Obstacle.TOO_LONG: _("That is longer than goodwill allows for one subscription."),
    Obstacle.BEYOND: _("Its base, its package or an order that follows would end or begin before that day."),
}


def extend_period(
    *, subscription: Subscription, from_on: date, days: int, told: str, reason: str, now: datetime, by: Account
) -> Extension:
    """From the end that was shown. `told` is mailed to the customer, `reason` is not.

    Raises `Refusal`: own_account, quote_changed, and by each `Obstacle`.
    """
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        if subscription.account_id == by.pk:
            raise Refusal("own_account", _("Nobody extends a subscription of their own account."))
        to_on = new_end(subscription, days=days, now=now)
        if subscription.ends_on != from_on:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        extension = Extension.objects.create(
            subscription=subscription, days=days, from_on=from_on, to_on=to_on, told=told, by=by, at=now
        )
        subscription.ends_on = to_on
        subscription.save(update_fields=["ends_on"])
        # What the customer planned for the end follows it (S8).
        PlannedChange.objects.waiting().filter(subscription=subscription, begins_on=from_on).update(begins_on=to_on)
        _record(extension, reason=reason, now=now, by=by)
        tell_about(subscription, "period_extended", event_on=to_on, now=now, ends_on=to_on, ended_on=from_on, told=told)
        return extension


def new_end(subscription: Subscription, *, days: int, now: datetime) -> date:
    """The first day without service then. Raises `Refusal` by its `Obstacle`."""
    market = subscription.market
    ending = Ending(
        status=Status(subscription.status),
        ends_on=subscription.ends_on,
        extended_days=days_extended(subscription),
        latest=_latest(subscription),
    )
    outcome = extend(ending, days=days, most_days=market.goodwill_days, today=market.local_date(now))
    if isinstance(outcome, Obstacle):
        raise Refusal(outcome, REFUSALS[outcome])
    return outcome


def days_extended(subscription: Subscription) -> int:
    return subscription.extensions.aggregate(sum=Sum("days"))["sum"] or 0


def _latest(subscription: Subscription) -> date | None:
    """The day on which its package ends, its base does, or what was ordered ahead begins (S10, S12, C4)."""
    same_car = Subscription.objects.filter(account=subscription.account_id, vehicle=subscription.vehicle_id)
    bases = same_car.begun().filter(package=subscription.package.base_id, ends_on__isnull=False)
    ahead = same_car.ordered_ahead().filter(package=subscription.package_id)
    days: list[date | None] = [subscription.discontinued_on]
    days += bases.values_list("ends_on", flat=True)
    days += ahead.values_list("activated_on", flat=True)
    return min((day for day in days if day), default=None)


def _record(extension: Extension, *, reason: str, now: datetime, by: Account) -> None:
    subscription = extension.subscription
    audit.record(
        "extended",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        days=extension.days,
        ended_on=extension.from_on,
        ends_on=extension.to_on,
        told=extension.told,
        reason=reason,
    )
