"""Collecting what is due: begin (commit), call the provider, settle (commit), with many calls in the air at once.

No lock is held while the provider is called, and a crash between any two steps is picked up by `ask`: the payment's
key is the same whenever it is sent, so that a period is charged at most once, ever (P4).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from django.db.models import QuerySet

from portal.models import Market
from portal.querying.written import Given, is_one_of, written
from subscriptions.actions.begin import Begun, begin
from subscriptions.actions.left_over import report_left
from subscriptions.actions.send import Heard, book, charge
from subscriptions.actions.whose import given, only
from subscriptions.gateway.air import Air
from subscriptions.gateway.port import Charged, Gateway
from subscriptions.models import Subscription
from subscriptions.models.subscription import TURN

logger = logging.getLogger(__name__)

# Payments begun in one transaction, and at most twice as many as are booked in one.
BATCH = 100
# Subscriptions that a worker collects as one task: many times what is in the air, so that it is seldom empty.
TASK = 1000


def collect(
    *,
    market: Market,
    subscription_ids: Iterable[int],
    now: datetime,
    gateway: Gateway,
    calls_at_once: int = 1,
    wait_for_turn: Callable[[], None] | None = None,
) -> None:
    """Charges what is due of these subscriptions, oldest first; after an outage period by period, each begun only when
    the one before is paid (P5).

    `calls_at_once` calls of the provider are in the air at once, each after `wait_for_turn`; but never two of one
    account: what one charge tells of the card or of a base decides whether the next is tried (P6, S12). Those that
    somebody else holds just now come last. What cannot be begun or booked is logged and stops none of the others.
    """
    ids = list(subscription_ids)
    queue = DueQueue(market, ids, now=now)
    locked: list[int] = []
    room = 1 if calls_at_once == 1 else max(2 * calls_at_once, BATCH)
    with Air(calls_at_once, room=room, before_each=wait_for_turn) as air:
        while queue or air:
            while queue.has_ready and air.has_room:
                # As many as can be sent at first, so that no call waits for a whole batch to be begun.
                taken = queue.take(min(BATCH, room) if air else calls_at_once)
                begun = _begin(taken, now=now)
                locked += begun.locked
                for payment in begun.payments:
                    air.send(charge, payment, gateway=gateway)
                queue.release(set(taken) - {payment.subscription_id for payment in begun.payments})
            heard = air.landed(at_least=min(BATCH // 2, air.in_flight))
            _book(heard, now=now)
            queue.come_back(heard)
    if locked:
        _collect_locked(locked, now=now, gateway=gateway)
    report_left(market, ids, now=now)


def due_in_batches(*, market: Market, now: datetime, account_id: int | None = None) -> list[list[int]]:
    """Ids of what is due, oldest first, in batches for a worker each; those of an account stand in the same one."""
    due = _due(**given(market, account_id), today=market.local_date(now))
    batches: list[list[int]] = []
    batch_of: dict[int, list[int]] = {}
    for subscription_id, account in due:
        if account not in batch_of:
            if not batches or len(batches[-1]) >= TASK:
                batches.append([])
            batch_of[account] = batches[-1]
        batch_of[account].append(subscription_id)
    return batches


@written
def _due(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[Subscription, tuple[int, int]]:
    due = Subscription.objects.filter(only(account), market=market).due(today)
    return due.values_list("pk", "account_id")


@written
def _turns(*, market: Given, today: Given, ids: Given) -> QuerySet[Subscription, tuple[Any, ...]]:
    due = Subscription.objects.filter(is_one_of("pk", ids), market=market).due(today)
    return due.values_list("next_charge_on", *TURN, "account_id")


# When its turn comes, as the run has it, and whose account it is.
Entry = tuple[tuple[Any, ...], int]


class DueQueue:
    """Subscriptions with a charge to make, oldest first; one of an account that is with the provider keeps the
    account's others back."""

    def __init__(self, market: Market, subscription_ids: Iterable[int], *, now: datetime) -> None:
        self._of_day = {"market": market.pk, "today": market.local_date(now)}
        self._waiting: list[Entry] = []
        self._kept_back: dict[int, list[Entry]] = {}
        self._account_of: dict[int, int] = {}
        self._put(subscription_ids)

    def __bool__(self) -> bool:
        return bool(self._waiting) or any(self._kept_back.values())

    @property
    def has_ready(self) -> bool:
        return bool(self._waiting)

    def take(self, most: int) -> list[int]:
        """The oldest ones, of different accounts."""
        taken: list[int] = []
        while self._waiting and len(taken) < most:
            turn, account_id = heappop(self._waiting)
            if account_id in self._kept_back:
                self._kept_back[account_id].append((turn, account_id))
            else:
                self._kept_back[account_id] = []
                taken.append(turn[-1])
        return taken

    def release(self, subscription_ids: Iterable[int]) -> None:
        """These are done with: others of their accounts may be taken."""
        for subscription_id in subscription_ids:
            for entry in self._kept_back.pop(self._account_of[subscription_id], []):
                heappush(self._waiting, entry)

    def come_back(self, heard: Sequence[Heard]) -> None:
        """What is done with; those that were paid may have a later period to pay (P5)."""
        paid = [each.payment.subscription_id for each in heard if isinstance(each.outcome, Charged)]
        if paid:
            self._put(paid)
        self.release(each.payment.subscription_id for each in heard)

    def _put(self, subscription_ids: Iterable[int]) -> None:
        for *turn, account_id in _turns(**self._of_day, ids=list(subscription_ids)):
            self._account_of[turn[-1]] = account_id
            heappush(self._waiting, (tuple(turn), account_id))


def _begin(subscription_ids: Sequence[int], *, now: datetime, waits: bool = False) -> Begun:
    try:
        return begin(subscription_ids, now=now, waits=waits)
    except Exception:
        logger.exception("could not be begun: %s", subscription_ids)
        return Begun(payments=[], locked=[])


def _book(heard: Sequence[Heard], *, now: datetime) -> None:
    try:
        book(heard, now=now)
    except Exception:
        logger.exception("could not be booked: %s", [each.payment.key for each in heard])


def _collect_locked(subscription_ids: Sequence[int], *, now: datetime, gateway: Gateway) -> None:
    """Those that others held: by now they have let go, or are waited for."""
    for subscription_id in subscription_ids:
        for payment in _begin([subscription_id], now=now, waits=True).payments:
            _book([charge(payment, gateway=gateway)], now=now)
