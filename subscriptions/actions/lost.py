"""A database that was restored from a backup, or took over from another too late, has forgotten its last charges.

Whatever we charge has its row first. So a charge under a key of ours without a row was made before the database fell
back. What can be booked again is; and while there are others, nothing is charged.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.querying.written import Given, is_one_of, written
from subscriptions.actions.ask import ask
from subscriptions.actions.begin import begin
from subscriptions.actions.settle import mark_failed
from subscriptions.actions.work import open_work_items
from subscriptions.gateway.port import ChargeRecord, Gateway, ProviderDown
from subscriptions.ledger.finding import Finding
from subscriptions.models import Payment, Subscription
from subscriptions.rules.lifecycle import PaymentStatus

logger = logging.getLogger(__name__)

# Of a subscription, its period, and the try; whoever charges by hand at the provider has no such key.
OURS = re.compile(r"(?P<subscription>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}):\d+:\d+")
# Two machines, two clocks.
CLOCKS_DIFFER = timedelta(minutes=10)


def may_charge(*, now: datetime, gateway: Gateway) -> bool:
    """Whether the provider has no charge of ours that we do not know, after those that can be were booked again."""
    try:
        lost = [record for record in _lost(gateway, now=now) if not _is_taken_up(record, now=now, gateway=gateway)]
    except ProviderDown:
        # Then no charge is made either.
        return True
    if lost:
        logger.error("nothing is charged: the provider has %s charges of ours that the database has lost", len(lost))
        open_work_items([_finding(record) for record in lost], now=now)
    return not lost


def _lost(gateway: Gateway, *, now: datetime) -> Iterator[ChargeRecord]:
    """Since our newest payment was begun; what was given back whole is settled."""
    newest, after = _newest(), ""
    since = newest[0] - CLOCKS_DIFFER if newest else None
    while page := gateway.charges(since=since, after=after):
        after = page[-1].charge_ref
        ours = [each for each in page if OURS.fullmatch(each.key) and each.refunded < each.amount]
        known = set(_known(keys=[each.key for each in ours])) if ours else set()
        yield from (each for each in ours if each.key not in known)


@written
def _newest() -> QuerySet[Payment, datetime]:
    return Payment.objects.order_by("-pk").values_list("started_at", flat=True)[:1]


@written
def _known(*, keys: Given) -> QuerySet[Payment, str]:
    return Payment.objects.filter(is_one_of("key", keys)).values_list("key", flat=True)


def _is_taken_up(record: ChargeRecord, *, now: datetime, gateway: Gateway) -> bool:
    """Begun anew it has the same key, under which the provider is asked, not charged."""
    found = OURS.fullmatch(record.key)
    ids = Subscription.objects.filter(public_id=found["subscription"]).values_list("pk", flat=True) if found else []
    for payment in begin(list(ids), now=now).payments:
        if payment.key == record.key:
            ask(payment_id=payment.pk, now=now, gateway=gateway)
        else:
            mark_failed(payment_id=payment.pk, reason="not_charged", now=now)
    return Payment.objects.filter(key=record.key, status=PaymentStatus.SUCCEEDED).exists()


def _finding(record: ChargeRecord) -> Finding:
    """As the nightly comparison has it."""
    text = f"{record.key}: {record.amount} {record.currency}"
    return Finding(check="charge_unknown_to_us", subject=record.charge_ref, text=text)
