"""All that is told of one subscription beside its own line: what may be done, what was agreed, what comes (S10, P9)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from portal.refusals import Refusal
from subscriptions.access import amendments_of, refunds_of
from subscriptions.actions.cancel import may_undo
from subscriptions.actions.change_term import terms_to_change_to
from subscriptions.actions.pay_now import card_to_pay_with
from subscriptions.actions.price_answer import offer_to_answer
from subscriptions.actions.withdraw import withdrawal_quote
from subscriptions.models import Contract, PlannedChange, Subscription
from subscriptions.reckoning import next_charge
from subscriptions.words.explaining import charges_in, explain
from subscriptions.words.refund_states import shown_refund
from subscriptions.words.timeline import records_of, timeline_of

MOST_DAYS_AWAY = 3660


def detail_of(row: Subscription, *, about: date, now: datetime) -> dict[str, Any]:
    """`row` comes from `subscriptions_of`; `about` is the day that is asked about. A fixed number of queries."""
    today, records = row.market.local_date(now), records_of(row)
    return {
        "may": what_may_be_done(row, now=now),
        "contract": _contract(row),
        "next_charge": next_charge(row),
        "explanation": explain(row, on=about, today=today, charges=charges_in(records)),
        "planned_term": PlannedChange.objects.waiting().filter(subscription=row).select_related("plan").first(),
        "timeline": timeline_of(row, records),
        "refunds": [shown_refund(refund, today=today) for refund in refunds_of(row)],
    }


def what_may_be_done(row: Subscription, *, now: datetime) -> dict[str, bool]:
    return {
        "cancel": row.may_be_cancelled,
        "undo_cancellation": may_undo(row, now=now),
        "withdraw": not is_refused(withdrawal_quote, row, now=now),
        "change_term": bool(terms_to_change_to(row)),
        "answer_new_price": not is_refused(offer_to_answer, row, now=now),
        "pay_now": not is_refused(card_to_pay_with, row),
    }


def is_refused(rule: Callable[..., object], *args: object, **facts: object) -> bool:
    try:
        rule(*args, **facts)
    except Refusal:
        return True
    return False


def _contract(row: Subscription) -> dict[str, Any] | None:
    found = Contract.objects.filter(subscription=row).select_related("terms_version").first()
    if found is None:
        return None
    names = ("number", "ordered_at", "terms_version", "language", "order_text", "agreed")
    return {name: getattr(found, name) for name in names} | {"amendments": list(amendments_of(row))}
