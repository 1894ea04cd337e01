""" "What if" (S13): end, refund and next charges of a day to come, by the functions that execute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from subscriptions.actions.end import has_used_right, leavers, named
from subscriptions.actions.entitle import packages_tried
from subscriptions.actions.leave import running_on
from subscriptions.actions.withdraw import NO_CONTRACT, REFUSALS
from subscriptions.models import Subscription
from subscriptions.rules.cancellation import Quote, Standing, quote_cancellation, upcoming_charges
from subscriptions.rules.leaving import Leaver, RemovalQuote, ends_with_base, removal_of
from subscriptions.rules.lifecycle import CONCLUDED, Status
from subscriptions.rules.periods import TERM_MONTHS, TRIAL_MONTHS
from subscriptions.rules.projection import (
    Charge,
    charges_to_come,
    project,
    project_leaver,
    sample_days,
    standing_at_order,
)
from subscriptions.rules.refunds import NOTHING
from subscriptions.rules.withdrawal import Barrier, WithdrawalQuote, quote_withdrawal

NEXT_CHARGES = 3
ENDED_BY_THEN = _("It will have ended by then.")
NOT_ACCEPTED_BY_THEN = _("It will have ended by then, unless you accept the new price.")
END_IS_SET = _("Its end is set already; cancelling changes nothing.")
Sentence = str | Promise


@dataclass(frozen=True, kw_only=True)
class OtherPlan:
    """The same package at another term, as it could be ordered once this one has ended (S8)."""

    term: str
    price: Decimal
    trial_months: int = 0


@dataclass(frozen=True, kw_only=True)
class TermChange:
    """S8: the other plan from the day on which the one that runs has ended by cancelling it."""

    plan: OtherPlan
    starts_on: date
    charges_on: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a day would bring: each quote, or the sentence that says why there is none. Amounts are gross."""

    on: date
    currency: str
    charges: tuple[Charge, ...] = ()
    upcoming: tuple[Charge, ...] = ()
    cancellation: Quote | None = None
    no_cancellation: Sentence = ""
    withdrawal: WithdrawalQuote | None = None
    no_withdrawal: Sentence = ""
    # Of everything that runs on the car by then, and this one's part of it.
    removal: RemovalQuote | None = None
    removed: Quote | None = None
    term_changes: tuple[TermChange, ...] = ()

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

    @property
    def others_removed(self) -> int:
        """How many more subscriptions end with the car."""
        return len(self.removal.ends) - 1 if self.removal else 0


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """That day: this subscription, its add-ons and all that runs on the car, each named and moved to the day."""

    on: date
    name: str
    own: Leaver
    add_ons: Sequence[tuple[str, Leaver]]
    on_car: Sequence[tuple[str, Leaver]]
    has_used_right: bool
    other_plans: Sequence[OtherPlan]
    # The first day without the base of an add-on, if there is one: nothing is charged from then on.
    base_ends_on: date | None = None


def may_ask(subscription: Subscription) -> bool:
    """An order that the bank has not answered, and one that has ended, have no day to come."""
    return subscription.status in CONCLUDED


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is read once for all that an account has running on a car."""

    rows: list[tuple[Subscription, Leaver]]
    has_used_right: bool
    tried: set[int]


def around(account: Account, running: Iterable[Subscription]) -> Around:
    """`running` is all of the account's on one car, with its agreements."""
    add_ons_first = sorted(running, key=lambda row: (row.package.base_id is None, row.pk))
    gives_trial = any(row.package.gives_trial for row in add_ons_first)
    return Around(
        rows=leavers(add_ons_first),
        has_used_right=has_used_right(account),
        tried=packages_tried(account) if gives_trial else set(),
    )


def what_if(subscription: Subscription, *, on: date, now: datetime, given: Around | None = None) -> Outcome:
    """Of a running subscription, from today on. The day itself is checked by the form.

    `given` is what is `around` it, where several of a car are asked about.
    """
    today = subscription.market.local_date(now)
    running = running_on(account_id=subscription.account_id, vehicle_id=subscription.vehicle_id)
    given = given or around(subscription.account, running.prefetch_related(None).with_agreements_inside())
    rows = given.rows
    ends = {row.package_id: own_end(row) for row, _leaver in rows}
    ends_on = end_of(subscription, ends)
    # On the day of an end, the end comes before that day's charge (P5).
    until = min(on, ends_on - timedelta(days=1)) if ends_on else on
    ended = _why_ended(subscription, on)
    outcome = Outcome(
        on=on,
        currency=subscription.currency,
        charges=project(subscription.standing, today=today, on=until).charged,
        no_cancellation=ended,
        no_withdrawal=ended,
    )
    if ends_on and ends_on <= on:
        return outcome
    then = [
        (row, project_leaver(leaver, today=today, on=on))
        for row, leaver in rows
        if (end := end_of(row, ends)) is None or end > on
    ]
    base_ends_on = ends.get(subscription.package.base_id or 0)
    return _filled(outcome, _scene(subscription, then, given, on=on, base_ends_on=base_ends_on))


def _scene(
    subscription: Subscription,
    rows: list[tuple[Subscription, Leaver]],
    given: Around,
    *,
    on: date,
    base_ends_on: date | None,
) -> _Scene:
    return _Scene(
        on=on,
        name=subscription.public_id.hex,
        own=next(leaver for row, leaver in rows if row.pk == subscription.pk),
        add_ons=named((row, leaver) for row, leaver in rows if row.package.base_id == subscription.package_id),
        on_car=named(rows),
        has_used_right=given.has_used_right,
        other_plans=_other_plans(subscription, tried=given.tried),
        base_ends_on=base_ends_on,
    )


def end_of(row: Subscription, ends: dict[int, date | None]) -> date | None:
    """The end that is set: its own, or that of its base, which it follows at once (S12)."""
    known = [day for day in (own_end(row), ends.get(row.package.base_id or 0)) if day]
    return min(known, default=None)


def own_end(row: Subscription) -> date | None:
    """Set by the customer, or coming by itself: a new price that is not accepted, a discontinued package (S10)."""
    return min((day for day in (row.ends_on, row.stops_on) if day), default=None)


def _why_ended(subscription: Subscription, on: date) -> Sentence:
    is_set = subscription.ends_on is not None and subscription.ends_on <= on
    may_accept = subscription.open_offer is not None and subscription.has_stopped(on)
    return NOT_ACCEPTED_BY_THEN if may_accept and not is_set else ENDED_BY_THEN


def _other_plans(subscription: Subscription, *, tried: set[int]) -> list[OtherPlan]:
    """None of free years: a plan of the same package cannot be bought before they end (C4)."""
    if subscription.is_complimentary:
        return []
    package = subscription.package
    # Its free month is there again if it is given up before it begins (S3).
    is_new = package.gives_trial and package.pk not in tried
    has_trial = is_new or (subscription.is_scheduled and subscription.trial_months)
    trial_months = TRIAL_MONTHS if has_trial else 0
    offered = [plan for plan in package.plans.all() if plan.is_offered and plan.market_id == subscription.market_id]
    return [
        OtherPlan(term=plan.term, price=plan.price, trial_months=trial_months)
        for plan in sorted(offered, key=lambda plan: plan.price)
        if plan.term != subscription.term
    ]


def what_if_ordered(
    *,
    today: date,
    starts_on: date,
    days: Sequence[date] = (),
    trial_months: int,
    term_months: int,
    price: Decimal,
    currency: str,
    has_used_right: bool,
    other_plans: Sequence[OtherPlan] = (),
) -> list[Outcome]:
    """Of an order made today: on these days, else on three that show its rules."""
    standing = standing_at_order(
        activated_on=starts_on,
        trial_months=trial_months,
        term_months=term_months,
        price=price,
        is_ahead=starts_on > today,
    )
    return [
        what_if_standing(
            standing,
            today=today,
            on=on,
            currency=currency,
            has_used_right=has_used_right,
            other_plans=other_plans,
        )
        for on in days or sample_days(standing)
    ]


def what_if_standing(
    standing: Standing,
    *,
    today: date,
    on: date,
    currency: str,
    has_used_right: bool = False,
    other_plans: Sequence[OtherPlan] = (),
) -> Outcome:
    """Of a standing on its first day, of which nothing has been paid back, alone on its car."""
    first = Leaver(standing=standing, ends_on=None, paid=standing.paid * standing.periods_paid, refunded=NOTHING)
    own = project_leaver(first, today=today, on=on)
    scene = _Scene(
        on=on,
        name="",
        own=own,
        add_ons=(),
        on_car=[("", own)],
        has_used_right=has_used_right,
        other_plans=other_plans,
    )
    charges = project(standing, today=today, on=on).charged
    return _filled(Outcome(on=on, currency=currency, charges=charges), scene)


def _filled(outcome: Outcome, scene: _Scene) -> Outcome:
    cancellation, withdrawal, removal = _cancellation(scene), _withdrawal(scene), _removal(scene)
    return replace(
        outcome,
        upcoming=_upcoming(scene),
        cancellation=cancellation,
        no_cancellation="" if cancellation else END_IS_SET,
        withdrawal=withdrawal if isinstance(withdrawal, WithdrawalQuote) else None,
        no_withdrawal="" if isinstance(withdrawal, WithdrawalQuote) else withdrawal,
        removal=removal,
        removed=next(end.quote for end in removal.ends if end.subscription == scene.name),
        term_changes=_term_changes(scene, starts_on=_free_for_another_from(scene, cancellation)),
    )


def _free_for_another_from(scene: _Scene, cancellation: Quote | None) -> date | None:
    """When another plan could start: with the end; instead of one that has not begun, on the same day (C4)."""
    if scene.own.standing.status is Status.SCHEDULED:
        return scene.own.standing.activated_on
    return cancellation.ends_on if cancellation else scene.own.ends_on


def _cancellation(scene: _Scene) -> Quote | None:
    if scene.own.was_cancelled:
        return None
    quote = quote_cancellation(scene.own.standing, today=scene.on)
    ends = ends_with_base(
        scene.add_ons, base_ends_on=quote.ends_on, has_used_right=scene.has_used_right, today=scene.on
    )
    return replace(quote, add_ons=ends)


def _withdrawal(scene: _Scene) -> WithdrawalQuote | Sentence:
    own = scene.own
    if own.is_complimentary:
        return NO_CONTRACT
    quote = quote_withdrawal(
        activated_on=own.standing.activated_on,
        has_used_right=scene.has_used_right,
        paid=own.paid,
        refunded=own.refunded,
        today=scene.on,
    )
    if isinstance(quote, Barrier):
        return REFUSALS[quote]
    ends = ends_with_base(
        scene.add_ons, base_ends_on=quote.ends_on, has_used_right=scene.has_used_right, today=scene.on
    )
    return replace(quote, add_ons=ends)


def _removal(scene: _Scene) -> RemovalQuote:
    return removal_of(scene.on_car, has_used_right=scene.has_used_right, today=scene.on)


def _term_changes(scene: _Scene, *, starts_on: date | None) -> tuple[TermChange, ...]:
    """X8: on the day of the end the package can be ordered anew."""
    if starts_on is None:
        return ()
    return tuple(
        TermChange(plan=plan, starts_on=starts_on, charges_on=_charges(plan, starts_on=starts_on))
        for plan in scene.other_plans
    )


def _charges(plan: OtherPlan, *, starts_on: date) -> tuple[date, ...]:
    dates = upcoming_charges(
        activated_on=starts_on,
        trial_months=plan.trial_months,
        term_months=TERM_MONTHS[plan.term],
        first=0,
        count=NEXT_CHARGES,
    )
    return tuple(dates)


def _upcoming(scene: _Scene) -> tuple[Charge, ...]:
    charges = charges_to_come(scene.own.standing, count=NEXT_CHARGES)
    return tuple(charge for charge in charges if scene.base_ends_on is None or charge.on < scene.base_ends_on)
