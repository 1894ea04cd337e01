"""The portal's own way of collecting, in the pieces that are measured. No other module here names its functions."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from django.db import connection

from portal.models import Market
from subscriptions.actions.collect import begin, charge_facts, send
from subscriptions.actions.settle import settle
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import Gateway
from subscriptions.models import Subscription


def pay_one(subscription_id: int, *, now: datetime, gateway: Gateway) -> int:
    """Begins, calls, settles: two transactions, as when a customer pays now."""
    payment = begin(subscription_id=subscription_id, now=now)
    if payment is None:
        return 0
    send(payment, now=now, gateway=gateway)
    return 1


def collect_batch(subscription_ids: Sequence[int], *, now: datetime, gateway: Gateway) -> int:
    """The database part of a batch: all begun, all called, all settled."""
    return sum(pay_one(each, now=now, gateway=gateway) for each in subscription_ids)


def collect_whole(
    subscription_ids: Sequence[int],
    *,
    now: datetime,
    gateway: Gateway,
    calls_at_once: int = 16,
    wait_for_turn: Callable[[], None] = lambda: None,
) -> None:
    """As a worker does it, with so many calls of the provider in the air at once."""

    def call(payment):
        wait_for_turn()
        return payment.pk, in_turn(partial(gateway.charge, **charge_facts(payment)))

    with ThreadPoolExecutor(calls_at_once) as air:
        begun = [begin(subscription_id=each, now=now) for each in subscription_ids]
        answers = list(air.map(call, [payment for payment in begun if payment]))
    for payment_id, outcome in answers:
        settle(payment_id=payment_id, outcome=outcome, now=now)


def turns(calls_a_second: float) -> Callable[[], None]:
    """What a call waits for before it is made, so that the provider's limit is kept."""
    return lambda: None


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
