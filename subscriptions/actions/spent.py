"""Keys that the provider answers with a failure for ever: given up once its list proves that they took nothing (P4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from portal import audit
from portal.models import AuditRecord, Market
from portal.querying.written import Given, written
from subscriptions.actions.locking import lock
from subscriptions.actions.settle import mark_failed
from subscriptions.gateway.port import Gateway
from subscriptions.models import Payment, Subscription
from subscriptions.rules.lifecycle import KEY_SPENT, PaymentStatus

# Sent, asked about, and sent again.
UNANSWERED = 2
# No request is on its way for as long as this.
QUIET = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(days=1)


def give_up_spent_keys(*, market: Market, now: datetime, gateway: Gateway) -> None:
    """The same try is then begun anew under a new key. Raises `ProviderDown`.

    The provider's list is read once, from before the first of these charges was sent: what is in it is left to `ask`.
    """
    stuck = _unanswered(market, now=now)
    if not stuck:
        return
    taken = set(_keys_taken(gateway, since=min(stuck.values()) - CLOCKS_DIFFER))
    for payment in Payment.objects.filter(pk__in=stuck).order_by("pk"):
        if payment.key not in taken and gateway.find_charge(key=payment.key) is None:
            _give_up(payment.pk, now=now)


def _unanswered(market: Market, *, now: datetime) -> dict[int, datetime]:
    """Payments that were sent twice without an answer, by id, with the moment of the first silence."""
    quiet: dict[str, Any] = {"market": market.pk, "until": now - QUIET}
    ids = {public_id.hex: pk for pk, public_id in _ids_of_quiet(**quiet)}
    if not ids:
        return {}
    silences = (
        AuditRecord.objects.filter(
            what="unknown",
            subject_type=Subscription._meta.label_lower,
            subject_id__in=_quiet(**quiet).values("subscription_id"),
            data__payment__in=list(ids),
        )
        .values("data__payment")
        .annotate(times=Count("pk"), first=Min("at"))
    )
    return {ids[row["data__payment"]]: row["first"] for row in silences if row["times"] >= UNANSWERED}


@written
def _ids_of_quiet(*, market: Given, until: Given) -> QuerySet[Payment, tuple[int, UUID]]:
    return _quiet(market=market, until=until).values_list("pk", "public_id")


def _quiet(*, market: Given, until: Given) -> QuerySet[Payment]:
    return Payment.objects.filter(subscription__market=market, status=PaymentStatus.UNKNOWN, started_at__lte=until)


def _keys_taken(gateway: Gateway, *, since: datetime) -> Iterator[str]:
    after = ""
    while page := gateway.charges(since=since, after=after):
        yield from (record.key for record in page)
        after = page[-1].charge_ref


def _give_up(payment_id: int, *, now: datetime) -> None:
    with transaction.atomic():
        payment = lock(payment_id)
        if payment.status != PaymentStatus.UNKNOWN:
            return
        audit.record(
            "key given up",
            account=payment.account,
            by=None,
            now=now,
            subject=payment.subscription,
            key=payment.key,
            payment=payment.public_id.hex,
        )
        mark_failed(payment_id=payment_id, reason=KEY_SPENT, now=now)
