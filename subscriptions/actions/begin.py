"""The first of the three steps of a charge: the row that must exist, and be committed, before the provider is called.

It holds the idempotency key and is the lease on its subscription: while it is open nobody else begins, and once it is
older than `ask.ABANDONED_AFTER` whoever began it is taken for gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portal import audit
from portal.batches import all_or_each, insert_all, save_all
from portal.operating.durability import check_durable
from subscriptions.actions.failing import count_failed_try
from subscriptions.actions.locking import claim_all, standing_of
from subscriptions.models import Payment, PaymentCard, Subscription
from subscriptions.rules.lifecycle import KEY_SPENT, PaymentStatus
from subscriptions.rules.periods import paid_period


@dataclass(frozen=True, kw_only=True)
class Try:
    """One try at the period that is due. `attempt` is the number of the next try, or of the last one where the
    customer pays between the tries (P2)."""

    subscription: Subscription
    card: PaymentCard
    attempt: int


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What a call of `begin` came to; `locked` are the ids of those in somebody else's hands just now."""

    payments: list[Payment]
    locked: list[int]


def begin(subscription_ids: Sequence[int], *, now: datetime, waits: bool = False) -> Begun:
    """Claims those that are due and saves their payments, in one transaction and in the order given.

    Rows that others hold are passed over, unless `waits`. Nothing is begun of one that is not due (any more), has an
    open payment, or may not be tried on its card. One that cannot be begun is logged and stops none of the others.
    """
    claimed: set[int] = set()
    payments: list[Payment] = []

    def claim(some: Sequence[int]) -> None:
        with transaction.atomic():
            rows = claim_all(some, waits=waits)
            claimed.update(row.pk for row in rows)
            begun = _begin_due(rows, now=now)
        payments.extend(begun)

    all_or_each(claim, subscription_ids)
    return Begun(payments=payments, locked=[each for each in subscription_ids if each not in claimed])


def _begin_due(rows: Sequence[Subscription], *, now: datetime) -> list[Payment]:
    cards, at_period = standing_of(rows)
    tries = []
    for row in rows:
        if any(payment.is_open for payment in at_period[row.pk]) or not _is_due(row, now=now):
            continue
        card = cards[row.account_id]
        if reason := _why_not_tried(row, card):
            _note_untried(row, card, reason=reason, now=now)
        else:
            tries.append(Try(subscription=row, card=card, attempt=row.tries_used + 1))
    return _start(tries, at_period, now=now)


def _is_due(subscription: Subscription, *, now: datetime) -> bool:
    today = subscription.market.local_date(now)
    return (
        subscription.next_try_on is not None
        and subscription.next_try_on <= today
        and not subscription.was_stopped_by(today)
    )


def _why_not_tried(subscription: Subscription, card: PaymentCard) -> str:
    """P6, P8: the try counts, but the networks forbid to send it."""
    if card.is_refused:
        return "stolen"
    if subscription.is_to_confirm_on(card):
        return "needs_authentication"
    return ""


def _note_untried(subscription: Subscription, card: PaymentCard, *, reason: str, now: datetime) -> None:
    audit.record(
        "not tried",
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        attempt=subscription.tries_used + 1,
        card=card.public_id.hex,
        reason=reason,
    )
    count_failed_try(subscription, card=card, reason=reason, now=now)


# The rows


def start_payment(subscription: Subscription, *, card: PaymentCard, attempt: int, now: datetime) -> Payment:
    """Within the caller's transaction and lock: one try."""
    one = Try(subscription=subscription, card=card, attempt=attempt)
    earlier = subscription.payments.filter(period_index=subscription.periods_paid).order_by("pk")
    [payment] = _start([one], {subscription.pk: list(earlier)}, now=now)
    return payment


def _start(tries: Sequence[Try], at_period: Mapping[int, list[Payment]], *, now: datetime) -> list[Payment]:
    """A payment for each try, in their order; `at_period` are those that there are, by subscription.

    Raises `NotDurable`: whatever charges, it begins here.
    """
    check_durable()
    started = [(each, at_period[each.subscription.pk]) for each in tries]
    payments = [_failed_before(each, earlier) or _new(each, earlier, now=now) for each, earlier in started]
    again = [payment for payment in payments if payment.pk]
    for payment in again:
        payment.status, payment.started_at = PaymentStatus.STARTED, now
    save_all(again, ["status", "started_at"])
    insert_all([payment for payment in payments if not payment.pk])
    return payments


def _failed_before(one: Try, earlier: list[Payment]) -> Payment | None:
    """A technical failure of the same try on the same card: its row and key are used again (P7)."""
    for payment in earlier:
        if payment.reason == KEY_SPENT:
            continue
        if (payment.attempt, payment.card_id, payment.status) == (one.attempt, one.card.pk, PaymentStatus.FAILED):
            payment.subscription, payment.card = one.subscription, one.card
            return payment
    return None


def _new(one: Try, earlier: list[Payment], *, now: datetime) -> Payment:
    subscription = one.subscription
    index = subscription.periods_paid
    period = paid_period(
        activated_on=subscription.activated_on,
        trial_months=subscription.trial_months,
        term_months=subscription.term_months,
        index=index,
    )
    return Payment(
        account_id=subscription.account_id,
        subscription=subscription,
        card=one.card,
        period_index=index,
        period_from=period.start_on,
        period_to=period.end_on,
        attempt=one.attempt,
        key=f"{subscription.public_id}:{index}:{len(earlier) + 1}",
        amount=subscription.next_price,
        currency=subscription.currency,
        status=PaymentStatus.STARTED,
        started_at=now,
    )
