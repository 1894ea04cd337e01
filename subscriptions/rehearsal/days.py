"""The days of a rehearsal: when the jobs run, when customers act, and on which days there is something to do."""

from datetime import date, time, timedelta

from subscriptions.actions.warn import warnings_of
from subscriptions.models import Subscription

RUNS_AT = (time(6), time(18))
ACTS_AT = time(12)


def tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def busy_days(subscription: Subscription, *, after: date) -> list[date]:
    """When the jobs have something to do for a subscription: its next try, its end, and each first day of warning.

    A try or an end that is past and still open is met by the next run; a warning that is past has been given.
    """
    starts_on = subscription.activated_on if subscription.is_scheduled else None
    dates = [due for due in (subscription.next_try_on, subscription.ends_on, starts_on) if due]
    return [max(due, tomorrow(after)) for due in dates] + [notice.first_day for notice in warnings_of(subscription)]
