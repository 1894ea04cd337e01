"""The scheduled run of a market, in its one order (rehearsal.md): ask, end, tell, charge, refund again, tell the rest.

Every step finds its work in the database, so a run that was missed, doubled or killed is made good by the next.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from portal.models import Market
from portal.querying.written import Given, written
from subscriptions.actions.ask import ask, payments_to_ask
from subscriptions.actions.change_term import tell_term_begins, terms_to_begin
from subscriptions.actions.collect import collect, due_in_batches
from subscriptions.actions.discontinue import (
    discontinued_to_end,
    end_discontinued,
    tell_of_discontinuation,
    to_tell_of_discontinuation,
)
from subscriptions.actions.dispute import learn_disputes
from subscriptions.actions.end import end_if_reached
from subscriptions.actions.lost import may_charge
from subscriptions.actions.price_answer import end_unaccepted, offers_unaccepted
from subscriptions.actions.price_change import make_offer, offers_to_make
from subscriptions.actions.refund import repeat_rejected, send_refund
from subscriptions.actions.spent import give_up_spent_keys
from subscriptions.actions.start import orders_to_start, start
from subscriptions.actions.warn import tell_of_charges, tell_of_free_ends
from subscriptions.actions.warn_cards import cards_expired, cards_expiring, warn_of_card
from subscriptions.actions.whose import given, only
from subscriptions.gateway.port import Gateway
from subscriptions.models import Refund, Subscription
from subscriptions.rules.lifecycle import RefundStatus

logger = logging.getLogger(__name__)

# The outbox tries for about as long, and most promises are kept within seconds.
LEFT_AFTER = timedelta(days=1)

# Hands a market's id and the ids of a batch of its subscriptions to a worker, who collects them.
HandOver = Callable[[int, list[int]], Any]


def charging_run(
    *,
    market: Market,
    now: datetime,
    gateway: Gateway,
    hand_over: HandOver | None = None,
    account_id: int | None = None,
) -> None:
    """One run. Without `hand_over` everything is charged here, one after the other.

    With an account it is a run of that one alone, which rehearses (rehearsal.md): what concerns the provider's list as
    a whole is left out.
    """
    whose: dict[str, Any] = {"market": market, "now": now, "account_id": account_id}
    if account_id is None:
        _attempt(give_up_spent_keys, market=market, now=now, gateway=gateway)
    _each(ask, "payment_id", payments_to_ask(**whose), now=now, gateway=gateway)
    if account_id is None:
        _attempt(learn_disputes, now=now, gateway=gateway)
    _end_what_is_over(**whose)
    tell_what_is_coming(**whose)
    is_whole = account_id is not None or _attempt(may_charge, now=now, gateway=gateway)
    for batch in due_in_batches(**whose) if is_whole else []:
        if hand_over:
            _attempt(hand_over, market_id=market.pk, subscription_ids=batch)
        else:
            collect(market=market, subscription_ids=batch, now=now, gateway=gateway)
    _each(repeat_rejected, "refund_id", _refunds_to_repeat(market, account_id), now=now, gateway=gateway)
    _each(send_refund, "refund_id", _refunds_left(**whose), now=now, gateway=gateway)
    _each(warn_of_card, "card_id", cards_expired(**whose), now=now)


def _end_what_is_over(*, market: Market, now: datetime, account_id: int | None) -> None:
    """Ends that were set, packages that are discontinued, new prices that nobody accepted: before any charge (P5). Then
    what was ordered ahead takes the place of the free period that is over (C4)."""
    whose: dict[str, Any] = {"market": market, "now": now, "account_id": account_id}
    ended = _ended(**given(market, account_id), today=market.local_date(now))
    _each(end_if_reached, "subscription_id", ended, now=now)
    _each(end_discontinued, "subscription_id", discontinued_to_end(**whose), now=now)
    _each(end_unaccepted, "subscription_id", offers_unaccepted(**whose), now=now)
    _each(start, "subscription_id", orders_to_start(**whose), now=now)


def tell_what_is_coming(*, market: Market, now: datetime, account_id: int | None = None) -> None:
    """S8 to S10, C5, W6: before that run's charges; each notice once, late rather than never."""
    whose: dict[str, Any] = {"market": market, "now": now, "account_id": account_id}
    _each(make_offer, "subscription_id", offers_to_make(**whose), now=now)
    _each(tell_of_discontinuation, "subscription_id", to_tell_of_discontinuation(**whose), now=now)
    _each(tell_term_begins, "planned_id", terms_to_begin(**whose), now=now)
    _attempt(tell_of_charges, **whose)
    _attempt(tell_of_free_ends, **whose)
    _each(warn_of_card, "card_id", cards_expiring(**whose), now=now)


def _refunds_to_repeat(market: Market, account_id: int | None) -> list[int]:
    return _rejected(**given(market, account_id))


def _refunds_left(*, market: Market, now: datetime, account_id: int | None) -> list[int]:
    """Promised long ago and not sent: the outbox gives a message up, a promise of money never (X6)."""
    return _promised(**given(market, account_id), until=now - LEFT_AFTER)


@written
def _ended(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[Subscription, int]:
    return Subscription.objects.filter(only(account), market=market).end_reached(today).values_list("pk", flat=True)


@written
def _rejected(*, market: Given, account: Given | None = None) -> QuerySet[Refund, int]:
    rejected = _refunds(market, account).filter(status=RefundStatus.REJECTED)
    return rejected.order_by("promised_at", "pk").values_list("pk", flat=True)


@written
def _promised(*, market: Given, until: Given, account: Given | None = None) -> QuerySet[Refund, int]:
    left = _refunds(market, account).filter(status=RefundStatus.PROMISED, promised_at__lte=until)
    return left.order_by("promised_at", "pk").values_list("pk", flat=True)


def _refunds(market: Given, account: Given | None) -> QuerySet[Refund]:
    return Refund.objects.filter(only(account), payment__subscription__market=market)


def _each(action: Callable[..., Any], name: str, ids: Iterable[int], **arguments: Any) -> None:
    for row_id in ids:
        _attempt(action, **{name: row_id}, **arguments)


def _attempt(action: Callable[..., Any], **arguments: Any) -> Any:
    """One bad row cannot stop the night: it is logged, and found again by the next run."""
    try:
        return action(**arguments)
    except Exception:
        logger.exception("%s failed: %s", action.__name__, arguments)
        return None
