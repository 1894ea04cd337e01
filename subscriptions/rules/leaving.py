"""Ends that follow from others: of add-ons with their base, of everything with its car (S12, X7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from subscriptions.rules.cancellation import Basis, Consequence, Quote, Standing, quote_cancellation, refund_in_all
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.refunds import NOTHING
from subscriptions.rules.withdrawal import Barrier, quote_withdrawal


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """A subscription that has to go. `paid` and `refunded` are gross and those of its first period (X5)."""

    standing: Standing
    # The end that it has already: of a complimentary period from the start, else because it was cancelled.
    ends_on: date | None
    paid: Decimal
    refunded: Decimal

    @property
    def is_complimentary(self) -> bool:
        return self.standing.status is Status.COMPLIMENTARY

    @property
    def was_cancelled(self) -> bool:
        return self.ends_on is not None and not self.is_complimentary


@dataclass(frozen=True, kw_only=True)
class RemovalQuote:
    """What leaving with the car would bring: each running subscription, add-ons first."""

    ends: tuple[Consequence, ...] = ()

    @property
    def refund(self) -> Decimal:
        return refund_in_all(self.ends)


@dataclass(frozen=True, kw_only=True)
class ClosingQuote(RemovalQuote):
    """What closing the account would bring: besides, the cars and cards that leave, by their public ids in hex."""

    cars: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()


def end_at_once(leaver: Leaver, *, has_used_right: bool, today: date) -> Quote:
    """X7: service ends today; X5's refund where it still applies, else X4's, else none, and never a second one.

    `has_used_right` tells of earlier acts only: several ends of one act count as one withdrawal (X5).
    """
    if leaver.refunded <= leaver.standing.given_back:
        withdrawal = quote_withdrawal(
            activated_on=leaver.standing.activated_on,
            has_used_right=has_used_right,
            paid=leaver.paid,
            refunded=leaver.refunded,
            today=today,
        )
        if not isinstance(withdrawal, Barrier) and withdrawal.refund > 0:
            return Quote(basis=Basis.WITHDRAWAL, ends_on=today, refund=withdrawal.refund)
    if leaver.was_cancelled:
        return Quote(basis=Basis.CANCELLED_BEFORE, ends_on=today, refund=NOTHING)
    return _brought_forward(quote_cancellation(leaver.standing, today=today), to=today, basis=Basis.AT_ONCE)


def end_with_base(leaver: Leaver, *, base_ends_on: date, has_used_right: bool, today: date) -> Quote:
    """S12: an add-on is cancelled the same day by its own rule, and ends when its base does if that is earlier."""
    if base_ends_on <= today:
        return end_at_once(leaver, has_used_right=has_used_right, today=today)
    if leaver.ends_on is not None:
        basis = Basis.COMPLIMENTARY if leaver.is_complimentary else Basis.CANCELLED_BEFORE
        return Quote(basis=basis, ends_on=min(leaver.ends_on, base_ends_on), refund=NOTHING)
    own = quote_cancellation(leaver.standing, today=today)
    return _brought_forward(own, to=base_ends_on, basis=Basis.WITH_BASE)


def ends_with_base(
    add_ons: Iterable[tuple[str, Leaver]], *, base_ends_on: date, has_used_right: bool, today: date
) -> tuple[Consequence, ...]:
    """S12: what becomes of each add-on, named by its public id in hex, in the order given."""
    return tuple(
        Consequence(
            subscription=name,
            quote=end_with_base(add_on, base_ends_on=base_ends_on, has_used_right=has_used_right, today=today),
        )
        for name, add_on in add_ons
    )


def removal_of(leavers: Iterable[tuple[str, Leaver]], *, has_used_right: bool, today: date) -> RemovalQuote:
    """X7: what becomes of each on the car, named by its public id in hex; given add-ons first."""
    return RemovalQuote(
        ends=tuple(
            Consequence(subscription=name, quote=end_at_once(leaver, has_used_right=has_used_right, today=today))
            for name, leaver in leavers
        )
    )


def closing_of(
    leavers: Iterable[tuple[str, Leaver]],
    *,
    cars: Iterable[str],
    cards: Iterable[str],
    has_used_right: bool,
    today: date,
) -> ClosingQuote:
    """X7, A6: what becomes of everything that runs, on whatever car; given add-ons first."""
    removal = removal_of(leavers, has_used_right=has_used_right, today=today)
    return ClosingQuote(ends=removal.ends, cars=tuple(cars), cards=tuple(cards))


def _brought_forward(own: Quote, *, to: date, basis: Basis) -> Quote:
    """The refund stays that of its own rule; where there is none, the day is no more that of its own rule either."""
    if own.ends_on <= to:
        return own
    return replace(own, ends_on=to, basis=own.basis if own.basis is Basis.PRO_RATA else basis)
