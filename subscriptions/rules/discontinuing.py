"""A package that the brand discontinues: the whole months left are refunded (S10)."""

from datetime import date, timedelta
from decimal import Decimal

from subscriptions.rules.cancellation import Basis, Quote, Standing
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.periods import months_before_period
from subscriptions.rules.projection import project
from subscriptions.rules.refunds import NOTHING, months_used, pro_rata_refund

# As long before as a new price is offered: customers can look for something else meanwhile.
NOTICE_DAYS = 60


def earliest_end(today: date) -> date:
    """The first day on which a package can end that is discontinued today."""
    return today + timedelta(days=NOTICE_DAYS)


def quote_discontinuation(standing: Standing, *, ends_on: date, refundable: Decimal) -> Quote:
    """What ending with the package brings, whatever the term: months used by X4's count as of that day.

    `refundable` is what is left of the running period's payment. Of a free month, free years, a charge that is due and
    unpaid, and of one that was cancelled before, there is nothing to pay back.
    """
    nothing = Quote(basis=Basis.DISCONTINUED, ends_on=ends_on, refund=NOTHING)
    if standing.status is not Status.PAID or standing.next_charge_on is None:
        return nothing
    before = months_before_period(
        trial_months=standing.trial_months, term_months=standing.term_months, index=standing.periods_paid - 1
    )
    used = months_used(activated_on=standing.activated_on, months_before=before, cancelled_on=ends_on)
    refund = min(pro_rata_refund(paid=standing.paid, term_months=standing.term_months, used=used), refundable)
    if refund <= 0:
        return nothing
    left = standing.term_months - used
    return Quote(basis=Basis.PRO_RATA, ends_on=ends_on, refund=refund, months_used=used, months_left=left)


def foretell_discontinuation(standing: Standing, *, today: date, ends_on: date, refundable: Decimal) -> Quote:
    """What the customer is told beforehand: as if each charge before that day succeeds."""
    then = project(standing, today=today, on=ends_on - timedelta(days=1))
    left = then.standing.paid if then.charged else refundable
    return quote_discontinuation(then.standing, ends_on=ends_on, refundable=left)
