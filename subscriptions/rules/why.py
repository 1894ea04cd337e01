"""Why a subscription was, or was not, charged on a day (P9): from the contract, the calendar and what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from subscriptions.rules.periods import charge_on
from subscriptions.rules.retries import GiveUp, after_failed_try


class Why(StrEnum):
    NOT_ORDERED = "not_ordered"
    ACTIVATING = "activating"
    CHARGED = "charged"
    NOT_DUE = "not_due"
    DUE = "due"
    DECLINED = "declined"
    GIVEN_UP = "given_up"
    WAITING = "waiting"
    DELAYED = "delayed"
    NOT_RENEWING = "not_renewing"
    # A new price is offered for it and not accepted yet (S10).
    NOT_ACCEPTED = "not_accepted"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the audit trail has of a charge: `charged`, `declined`, `not tried`, `failed` or `unknown`."""

    on: date
    what: str
    attempt: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The contract's dates: `stopped_on` is the day on which an end was set, `ends_on` the first without service."""

    # Before the activation, where it was ordered ahead.
    ordered_on: date
    activated_on: date
    trial_months: int
    term_months: int
    is_pending: bool = False
    stopped_on: date | None = None
    ends_on: date | None = None
    # No charge is made from this day on as things stand, and why not.
    stops_on: date | None = None
    stops_because: Why = Why.NOT_RENEWING

    def charge_date(self, index: int) -> date:
        return charge_on(
            activated_on=self.activated_on,
            trial_months=self.trial_months,
            term_months=self.term_months,
            index=index,
        )


@dataclass(frozen=True, kw_only=True)
class Reason:
    """`on` is the date that the answer turns on: of the charge, since when it is due, or of the end.

    `index` is the charge that it speaks of, for its price.
    """

    why: Why
    on: date
    index: int = 0
    reason: str = ""
    next_try_on: date | None = None


def why_charged(*, on: date, today: date, calendar: Calendar, records: Sequence[Record]) -> Reason:
    """The answer for the day `on`, as things stood at its end; for a day to come, as they stand `today`.

    `records` in the order in which they happened.
    """
    if on < calendar.ordered_on:
        return Reason(why=Why.NOT_ORDERED, on=calendar.ordered_on)
    known = [record for record in records if record.on <= on]
    last = known[-1] if known else None
    paid = sum(record.what == "charged" for record in known)
    if last and last.on == on and last.what == "charged":
        return Reason(why=Why.CHARGED, on=on, index=paid - 1)
    if calendar.is_pending:
        return Reason(why=Why.ACTIVATING, on=calendar.activated_on)
    since_due = last if last and last.what != "charged" else None
    if calendar.ends_on and calendar.ends_on <= on:
        return replace(_at_the_end(on, calendar, since_due), index=paid)
    if calendar.stopped_on and calendar.ends_on and calendar.stopped_on <= on:
        return Reason(why=Why.NOT_RENEWING, on=calendar.ends_on)
    answer = _of_charge(on, today=today, calendar=calendar, index=paid, last=since_due)
    if calendar.stops_on and calendar.charge_date(answer.index) >= calendar.stops_on:
        return Reason(why=calendar.stops_because, on=calendar.stops_on, index=answer.index)
    return answer


def _at_the_end(on: date, calendar: Calendar, last: Record | None) -> Reason:
    ended_on = calendar.ends_on or on
    if last and on == ended_on and _next_try(last) is None and last.what in {"declined", "not tried"}:
        return Reason(why=Why.GIVEN_UP, on=ended_on, reason=last.reason)
    return Reason(why=Why.ENDED, on=ended_on)


def _of_charge(on: date, *, today: date, calendar: Calendar, index: int, last: Record | None) -> Reason:
    due_on = calendar.charge_date(index)
    if due_on > on:
        return Reason(why=Why.NOT_DUE, on=due_on, index=index)
    if last and last.what in {"declined", "not tried"}:
        return Reason(why=Why.DECLINED, on=last.on, index=index, reason=last.reason, next_try_on=_next_try(last))
    if last and last.what == "unknown":
        return Reason(why=Why.WAITING, on=due_on, index=index)
    if on > today:
        return _to_come(on, today=today, calendar=calendar, index=index)
    return Reason(why=Why.DUE if due_on == today and last is None else Why.DELAYED, on=due_on, index=index)


def _to_come(on: date, *, today: date, calendar: Calendar, index: int) -> Reason:
    """Of a day to come: each charge before it is taken to succeed."""
    due_on = calendar.charge_date(index)
    if due_on < today:
        return Reason(why=Why.DELAYED, on=due_on, index=index)
    while calendar.charge_date(index) < on:
        index += 1
    charged_on = calendar.charge_date(index)
    return Reason(why=Why.DUE if charged_on == on else Why.NOT_DUE, on=charged_on, index=index)


def _next_try(last: Record) -> date | None:
    step = after_failed_try(tries_used=last.attempt, tried_on=last.on)
    return None if isinstance(step, GiveUp) else step.on
