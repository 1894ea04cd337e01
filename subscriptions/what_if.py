""" "What if" (S13): end, refund and next charges of a day to come, by the functions that execute."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal
from subscriptions.actions.withdraw import REFUSALS, withdrawal_quote
from subscriptions.models import Subscription
from subscriptions.rules.cancellation import Quote, Standing, quote_cancellation
from subscriptions.rules.lifecycle import LIVE, Status
from subscriptions.rules.projection import Charge, charges_to_come, project, sample_days, standing_at_order
from subscriptions.rules.refunds import NOTHING
from subscriptions.rules.withdrawal import Barrier, WithdrawalQuote, quote_withdrawal

NEXT_CHARGES = 3
ENDED_BY_THEN = _("It will have ended by then.")
NOT_ACCEPTED_BY_THEN = _("It will have ended by then, unless you accept the new price.")
END_IS_SET = _("Its end is set already; cancelling changes nothing.")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a day would bring: each quote, or the sentence that says why there is none. Amounts are gross."""

    on: date
    currency: str
    charges: tuple[Charge, ...]
    upcoming: tuple[Charge, ...]
    cancellation: Quote | None
    no_cancellation: str | Promise
    withdrawal: WithdrawalQuote | None
    no_withdrawal: str | Promise

    @property
    def charged(self) -> Decimal:
        """All that is charged between now and that day."""
        return sum((charge.amount for charge in self.charges), NOTHING)

    @property
    def charged_on(self) -> tuple[date, ...]:
        return tuple(charge.on for charge in self.charges)

    @property
    def next_charges(self) -> tuple[date, ...]:
        return tuple(charge.on for charge in self.upcoming)

    @property
    def next_by_price(self) -> list[tuple[Decimal, list[date]]]:
        """The next charges, those at the same price together (S10)."""
        groups = groupby(self.upcoming, key=lambda charge: charge.amount)
        return [(price, [charge.on for charge in charges]) for price, charges in groups]


def may_ask(subscription: Subscription) -> bool:
    """An order that the bank has not answered, and one that has ended, have no day to come."""
    return subscription.status in LIVE - {Status.PENDING}


def what_if(subscription: Subscription, *, on: date, now: datetime) -> Outcome:
    """Of a running subscription, from today on. The day itself is checked by the form."""
    today = subscription.market.local_date(now)
    ended = _ended_by(subscription, on)
    withdrawal = ended or _withdrawal(subscription, on=on)
    return _outcome(
        subscription.standing,
        today=today,
        on=on,
        currency=subscription.currency,
        withdrawal=withdrawal,
        no_cancellation=ended or _no_cancellation(subscription),
    )


def _ended_by(subscription: Subscription, on: date) -> str | Promise:
    """Why there is nothing left to end on that day; nothing where there is."""
    if subscription.ends_on is not None and subscription.ends_on <= on:
        return ENDED_BY_THEN
    if not subscription.has_stopped(on):
        return ""
    return ENDED_BY_THEN if subscription.open_offer is None else NOT_ACCEPTED_BY_THEN


def what_if_ordered(
    *, today: date, trial_months: int, term_months: int, price: Decimal, currency: str, has_used_right: bool
) -> list[Outcome]:
    """Of an order made today: three days that show its rules."""
    standing = standing_at_order(activated_on=today, trial_months=trial_months, term_months=term_months, price=price)
    return [
        what_if_standing(standing, today=today, on=on, currency=currency, has_used_right=has_used_right)
        for on in sample_days(standing)
    ]


def what_if_standing(
    standing: Standing, *, today: date, on: date, currency: str, has_used_right: bool = False
) -> Outcome:
    """Of a standing on its first day, of which nothing has been paid back."""
    quote = quote_withdrawal(
        activated_on=standing.activated_on,
        has_used_right=has_used_right,
        paid=standing.paid * standing.periods_paid,
        refunded=Decimal("0.00"),
        today=on,
    )
    withdrawal = REFUSALS[quote] if isinstance(quote, Barrier) else quote
    return _outcome(standing, today=today, on=on, currency=currency, withdrawal=withdrawal, no_cancellation="")


def _outcome(
    standing: Standing,
    *,
    today: date,
    on: date,
    currency: str,
    withdrawal: WithdrawalQuote | str | Promise,
    no_cancellation: str | Promise,
) -> Outcome:
    projection = project(standing, today=today, on=on)
    then = projection.standing
    return Outcome(
        on=on,
        currency=currency,
        charges=projection.charged,
        upcoming=charges_to_come(then, count=NEXT_CHARGES),
        cancellation=None if no_cancellation else quote_cancellation(then, today=on),
        no_cancellation=no_cancellation,
        withdrawal=withdrawal if isinstance(withdrawal, WithdrawalQuote) else None,
        no_withdrawal="" if isinstance(withdrawal, WithdrawalQuote) else withdrawal,
    )


def _no_cancellation(subscription: Subscription) -> str | Promise:
    return "" if subscription.may_be_cancelled else END_IS_SET


def _withdrawal(subscription: Subscription, *, on: date) -> WithdrawalQuote | str | Promise:
    """At noon of that day: the quote takes a moment, and asks the market's clock for the date."""
    try:
        return withdrawal_quote(subscription, now=datetime.combine(on, time(12), tzinfo=subscription.market.zone))
    except Refusal as refusal:
        return refusal.sentence
