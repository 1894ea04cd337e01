"""Numbers of the money, for operators (docs/runbook/): how much waits, and for how long."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from prometheus_client.core import Metric

from portal.models import Market
from portal.operating.measures import age, gauge, gauges
from subscriptions.models import Payment, Subscription, WorkItem
from subscriptions.rules.lifecycle import OPEN_PAYMENTS

MOST = 200_000


def money(now: datetime) -> Iterator[Metric]:
    open_ones = Payment.objects.filter(status__in=OPEN_PAYMENTS)
    by_status = dict(open_ones.values("status").annotate(count=Count("pk")).values_list("status", "count"))
    oldest = open_ones.aggregate(oldest=Min("started_at"))["oldest"]
    yield gauges("portal_payments_open", "Payments without an outcome, by status.", "status", by_status)
    yield gauge("portal_payments_open_oldest_seconds", "For how long the oldest has had none.", age(oldest, now))


def charges(now: datetime) -> Iterator[Metric]:
    """By the market's own calendar; a charge is due from the beginning of its day."""
    due, overdue = {}, {}
    for market in Market.objects.all():
        today = market.local_date(now)
        running = Subscription.objects.filter(market=market)
        due[market.code] = _count(running.due(today))
        overdue[market.code] = _count(running.due(today - timedelta(days=1)))
    yield gauges("portal_charges_due", "Charges and retries to be made by today.", "market", due)
    yield gauges("portal_charges_overdue", "Those that were to be made before today.", "market", overdue)


def work(now: datetime) -> Iterator[Metric]:
    open_items = WorkItem.objects.filter(closed_at__isnull=True)
    by_kind = dict(open_items.values("kind").annotate(count=Count("pk")).values_list("kind", "count"))
    oldest = open_items.aggregate(oldest=Min("opened_at"))["oldest"]
    yield gauges("portal_work_items_open", "Open work items, by kind.", "kind", by_kind)
    yield gauge("portal_work_items_oldest_seconds", "For how long the oldest has been open.", age(oldest, now))


def _count(rows: QuerySet[Subscription]) -> int:
    """Exact where it is read; a day on which more are due says as many."""
    return rows.order_by()[:MOST].count()


MEASURES = (money, charges, work)
