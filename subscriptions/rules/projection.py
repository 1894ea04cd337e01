"""Where a subscription will stand on a later day: what "what if" asks the rules of cancelling about (S13)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from subscriptions.rules.cancellation import Standing
from subscriptions.rules.leaving import Leaver
from subscriptions.rules.lifecycle import TO_BE_CHARGED, Status
from subscriptions.rules.periods import add_months, charge_on
from subscriptions.rules.refunds import NOTHING

YEARS_AHEAD = 5
# Off the charge dates, and within the fourteen days of a withdrawal.
_SOME_DAYS = timedelta(days=9)


class OutOfSight(StrEnum):
    PAST = "past"
    TOO_FAR = "too_far"


@dataclass(frozen=True, kw_only=True)
class Charge:
    """A charge to come: its date, and the gross price that is agreed for it."""

    on: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Projection:
    """The standing of that day, and the charges that have been made between now and then."""

    standing: Standing
    charged: tuple[Charge, ...]

    @property
    def charged_on(self) -> tuple[date, ...]:
        return tuple(charge.on for charge in self.charged)


def out_of_sight(on: date, *, today: date) -> OutOfSight | None:
    """Why a day cannot be asked about; None for today up to and including the same day in five years."""
    if on < today:
        return OutOfSight.PAST
    return OutOfSight.TOO_FAR if on > add_months(today, 12 * YEARS_AHEAD) else None


def project(standing: Standing, *, today: date, on: date) -> Projection:
    """The standing on a later day, if each charge until then succeeds and nothing is changed.

    Today's is the standing itself, a charge that is due and unpaid included: that is what would be executed. On a
    charge date the charge of that day counts as made. What does not renew stays as it is; where its end stands between
    today and that day, there is nothing left to ask about, which the caller knows.
    """
    if on <= today or standing.status not in TO_BE_CHARGED or standing.next_charge_on is None:
        return Projection(standing=standing, charged=())
    last = min(on, standing.stops_on - timedelta(days=1)) if standing.stops_on else on
    charges: list[Charge] = []
    while (due := charge_of(standing, standing.periods_paid + len(charges))).on <= last:
        charges.append(due)
    if not charges:
        return Projection(standing=_started(standing, on=on), charged=())
    paid = replace(
        standing,
        status=Status.PAID,
        periods_paid=standing.periods_paid + len(charges),
        paid=charges[-1].amount,
        given_back=NOTHING,
        next_charge_on=due.on,
    )
    return Projection(standing=paid, charged=tuple(charges))


def _started(standing: Standing, *, on: date) -> Standing:
    """One that was ordered ahead, in its free month once its day has come: without one it is charged on that day."""
    has_begun = standing.status is Status.SCHEDULED and standing.activated_on <= on
    return replace(standing, status=Status.TRIAL) if has_begun else standing


def charges_to_come(standing: Standing, *, count: int) -> tuple[Charge, ...]:
    """The next charges if nothing is changed: none once nothing renews, none from the day on which it stops."""
    if standing.next_charge_on is None:
        return ()
    charges = [charge_of(standing, standing.periods_paid + number) for number in range(count)]
    return tuple(charge for charge in charges if standing.stops_on is None or charge.on < standing.stops_on)


def project_leaver(leaver: Leaver, *, today: date, on: date) -> Leaver:
    """As `project`, with what has been paid of the first period by then."""
    then = project(leaver.standing, today=today, on=on).standing
    is_first_paid_now = leaver.standing.periods_paid == 0 and then.periods_paid > 0
    return replace(leaver, standing=then, paid=leaver.standing.price_of(0) if is_first_paid_now else leaver.paid)


def standing_at_order(
    *, activated_on: date, trial_months: int, term_months: int, price: Decimal, is_ahead: bool = False
) -> Standing:
    """Where an order stands on the day it is made: in its free month, or with its first charge paid (S4, S11); ordered
    ahead, before both."""
    periods_paid = 0 if trial_months or is_ahead else 1
    begun = Status.TRIAL if trial_months else Status.PAID
    standing = Standing(
        status=Status.SCHEDULED if is_ahead else begun,
        activated_on=activated_on,
        trial_months=trial_months,
        term_months=term_months,
        periods_paid=periods_paid,
        paid=price,
        next_charge_on=None,
    )
    return replace(standing, next_charge_on=charge_of(standing, periods_paid).on)


def sample_days(standing: Standing) -> tuple[date, date, date]:
    """Three days that show an order's rules: within its fourteen days, amid its first period, and in its second."""
    before = standing.trial_months
    amid = add_months(standing.activated_on, before + standing.term_months // 2)
    second = add_months(standing.activated_on, before + standing.term_months)
    return standing.activated_on + _SOME_DAYS, amid + _SOME_DAYS, second + _SOME_DAYS


def charge_of(standing: Standing, index: int) -> Charge:
    due_on = charge_on(
        activated_on=standing.activated_on,
        trial_months=standing.trial_months,
        term_months=standing.term_months,
        index=index,
    )
    return Charge(on=due_on, amount=standing.price_of(index))
