"""The portal's own way of collecting, in the pieces that are measured. No other module here names its functions."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from portal.models import Market
from subscriptions.actions.begin import begin
from subscriptions.actions.collect import collect
from subscriptions.actions.send import book, charge
from subscriptions.gateway.pacing import shared_turns
from subscriptions.gateway.port import Gateway
from subscriptions.models import Subscription

CALLS_AT_ONCE = 16


def pay_one(subscription_id: int, *, now: datetime, gateway: Gateway) -> int:
    """Begins, calls, settles: two transactions, as when a customer pays now."""
    return collect_batch([subscription_id], now=now, gateway=gateway)


def collect_batch(subscription_ids: Sequence[int], *, now: datetime, gateway: Gateway) -> int:
    """The database part of a batch: all begun, all called, all settled, in two transactions."""
    payments = begin(subscription_ids, now=now).payments
    book([charge(payment, gateway=gateway) for payment in payments], now=now)
    return len(payments)


def collect_whole(
    subscription_ids: Sequence[int],
    *,
    now: datetime,
    gateway: Gateway,
    calls_at_once: int = CALLS_AT_ONCE,
    wait_for_turn: Callable[[], None] | None = None,
) -> None:
    """As a worker does it, with so many calls of the provider in the air at once."""
    collect(
        market=Market.objects.get(),
        subscription_ids=subscription_ids,
        now=now,
        gateway=gateway,
        calls_at_once=calls_at_once,
        wait_for_turn=wait_for_turn,
    )


def turns(calls_a_second: float) -> Callable[[], None]:
    """What a call waits for before it is made, so that the provider's limit is kept."""
    return shared_turns(calls_a_second)


def due_ids(*, now: datetime) -> list[int]:
    """All that is due at this moment, in the order in which a run takes it."""
    market = Market.objects.get()
    return list(Subscription.objects.filter(market=market).due(market.local_date(now)).values_list("pk", flat=True))


class Statements:
    """Counts the statements that Django sends meanwhile, transactions left out."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Statements":
        self._wrapper = connection.execute_wrapper(self._counted)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._wrapper.__exit__(*raised)

    def _counted(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)
