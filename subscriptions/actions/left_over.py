"""A subscription that is due and cannot even be begun: the run goes on without it, and staff see it (K4)."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.models import Market
from portal.querying.written import Given, is_one_of, written
from subscriptions.actions.work import open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models import Payment, Subscription
from subscriptions.rules.lifecycle import OPEN_PAYMENTS

logger = logging.getLogger(__name__)

NOT_BEGUN = "charge_not_begun"
# By this run, or by another at the same time.
JUST_NOW = timedelta(hours=1)


def report_left(market: Market, subscription_ids: Iterable[int], *, now: datetime) -> None:
    """Of these, after they were collected: an item for each that is due still, and was not tried."""
    ids, today = list(subscription_ids), market.local_date(now)
    left = _left(market=market.pk, ids=ids, today=today, since=now - JUST_NOW)
    if left:
        logger.error("%s subscriptions are due and could not be begun: %s", len(left), [row.pk for row in left])
        open_work_items(map(_finding, left), now=now)


@written
def _left(*, market: Given, ids: Given, today: Given, since: Given) -> QuerySet[Subscription]:
    tried = Payment.objects.filter(subscription=OuterRef("pk")).filter(
        Q(started_at__gte=since) | Q(status__in=OPEN_PAYMENTS)
    )
    due = Subscription.objects.filter(is_one_of("pk", ids), market=market).due(today)
    return due.filter(~Exists(tried))


def _finding(row: Subscription) -> Finding:
    text = f"due since {row.next_try_on}; no try could be begun, the log says why"
    return Finding(check=NOT_BEGUN, subject=str(row.public_id), text=text)
