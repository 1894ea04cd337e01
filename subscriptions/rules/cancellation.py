"""End date and refund of cancelling on a day: what is quoted, confirmed and executed is one (X1 to X4, X10)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from subscriptions.rules.lifecycle import Status
from subscriptions.rules.periods import add_months, charge_on, months_before_period
from subscriptions.rules.pricing import Agreed, agreed_for
from subscriptions.rules.refunds import NOTHING, months_used, pro_rata_refund


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a subscription stands on the day of asking. Amounts are gross; `paid` is that of the running period."""

    status: Status
    activated_on: date
    trial_months: int
    term_months: int
    periods_paid: int
    paid: Decimal
    next_charge_on: date | None
    # Of `paid`, by staff (K3).
    given_back: Decimal = NOTHING
    # New prices that were accepted for charges to come (S10).
    later: tuple[Agreed, ...] = ()
    # It ends that day without a charge: a new price is not accepted, or the package is discontinued (S10).
    stops_on: date | None = None

    def price_of(self, index: int) -> Decimal:
        """What charge `index`, which is to come, takes as agreed."""
        ordered = Agreed(price=self.paid, vat_rate=Decimal(0))
        return agreed_for(index, ordered=ordered, accepted=self.later).price


class Basis(StrEnum):
    """By which rule an end was reckoned; "how is this calculated" tells it in words."""

    # Ordered ahead, and not begun (C4).
    NOT_STARTED = "not_started"
    TRIAL = "trial"
    MONTHLY = "monthly"
    PRO_RATA = "pro_rata"
    UNPAID = "unpaid"
    COMPLIMENTARY = "complimentary"
    # Of ends that follow from others (X7, S12): X5's refund; nothing more, for it was cancelled; today; with the base.
    WITHDRAWAL = "withdrawal"
    CANCELLED_BEFORE = "cancelled_before"
    AT_ONCE = "at_once"
    WITH_BASE = "with_base"
    # With its package, which the brand discontinues (S10); a refund of it is reckoned by months.
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, kw_only=True)
class Quote:
    basis: Basis
    ends_on: date
    refund: Decimal
    months_used: int = 0
    months_left: int = 0
    # What becomes of its add-ons: shown, confirmed and executed with it (S12, X10).
    add_ons: tuple["Consequence", ...] = ()

    @property
    def refund_of_add_ons(self) -> Decimal:
        return refund_in_all(self.add_ons)


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """The end of one subscription that follows from another's; `subscription` is its public id in hex."""

    subscription: str
    quote: Quote


def refund_in_all(ends: tuple[Consequence, ...]) -> Decimal:
    return sum((end.quote.refund for end in ends), NOTHING)


def quote_cancellation(standing: Standing, *, today: date) -> Quote:
    """What cancelling today would bring; never service beyond the day on which it stops anyway."""
    quote = _by_its_own_rule(standing, today=today)
    return replace(quote, ends_on=min(quote.ends_on, standing.stops_on)) if standing.stops_on else quote


def _by_its_own_rule(standing: Standing, *, today: date) -> Quote:
    if standing.status is Status.COMPLIMENTARY:
        return Quote(basis=Basis.COMPLIMENTARY, ends_on=today, refund=NOTHING)
    if standing.status is Status.SCHEDULED:
        return Quote(basis=Basis.NOT_STARTED, ends_on=today, refund=NOTHING)
    if standing.next_charge_on is None:
        raise ValueError("nothing renews: this subscription has its end already")
    if standing.status is Status.PAST_DUE or standing.next_charge_on <= today:
        return Quote(basis=Basis.UNPAID, ends_on=today, refund=NOTHING)
    if standing.status is Status.TRIAL:
        return Quote(basis=Basis.TRIAL, ends_on=standing.next_charge_on, refund=NOTHING)
    if standing.term_months == 1:
        return Quote(basis=Basis.MONTHLY, ends_on=standing.next_charge_on, refund=NOTHING)
    return _pro_rata(standing, today=today)


def _pro_rata(standing: Standing, *, today: date) -> Quote:
    before = months_before_period(
        trial_months=standing.trial_months, term_months=standing.term_months, index=standing.periods_paid - 1
    )
    used = months_used(activated_on=standing.activated_on, months_before=before, cancelled_on=today)
    # What staff gave back stays the customer's: X4 counts from what was charged, and never gives more than is left.
    left = standing.paid - standing.given_back
    refund = min(pro_rata_refund(paid=standing.paid, term_months=standing.term_months, used=used), left)
    return Quote(
        basis=Basis.PRO_RATA,
        ends_on=add_months(standing.activated_on, before + used),
        refund=refund,
        months_used=used,
        months_left=standing.term_months - used,
    )


def upcoming_charges(*, activated_on: date, trial_months: int, term_months: int, first: int, count: int) -> list[date]:
    """The dates of `count` charges from charge `first` on, for summaries and "what if"."""
    return [
        charge_on(activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=index)
        for index in range(first, first + count)
    ]
