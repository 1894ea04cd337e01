"""S13: whatever stands today, what was foretold of a day is what that day brings, to the cent and to the add-on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from garage.models import Membership
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Package, Plan, Refund, Subscription
from subscriptions.what_if import Outcome, what_if
from tests import make
from tests.refusing import refusal_code
from tests.standing import gateway_like

BASE, ADD_ON, OTHER = "base", "add-on", "other"
TERMS = ["monthly", "yearly", "four-yearly"]
FREE = "free"
# The add-on and the other are ordered two days after the base.
ORDERED_BY = 2
START = datetime(2026, 1, 31, 9, tzinfo=make.UTC)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What runs on one car, what was done before, and what is asked: days are counted from the first order."""

    base: str
    add_on: str | None
    other: str | None
    has_trials: bool
    has_used_right: bool
    # Which of them was cancelled before the question.
    cancelled: str | None
    asked_about: str
    asked_after: int
    on_after: int
    act: str


CASES = st.builds(
    Case,
    base=st.sampled_from([*TERMS, FREE]),
    add_on=st.sampled_from([None, *TERMS]),
    other=st.sampled_from([None, *TERMS]),
    has_trials=st.booleans(),
    has_used_right=st.booleans(),
    cancelled=st.sampled_from([None, None, BASE, ADD_ON, OTHER]),
    asked_about=st.sampled_from([BASE, ADD_ON, OTHER]),
    asked_after=st.sampled_from([0, 5, 14, 15, 29, 45, 200]),
    on_after=st.one_of(st.integers(0, 20), st.integers(0, 900)),
    act=st.sampled_from(["cancel", "withdraw", "remove"]),
)
FAR = {"asked_after": 45, "on_after": 400, "has_used_right": False, "has_trials": True, "cancelled": None}


@pytest.fixture
def town(market):
    base = make.package(BASE, market=market, gives_trial=True, complimentary_months={"MM21": 100})
    make.package(ADD_ON, market=market, gives_trial=True, base=base)
    make.package(OTHER, market=market, gives_trial=True)
    make.package("former", market=market, prices={"yearly": "60.00"})
    return market


@pytest.mark.parametrize("used", [False, True])
def test_the_town_has_what_the_cases_need(town, gateway, clock, used):
    case = Case(
        base=FREE, add_on="yearly", other="monthly", asked_about=BASE, act="cancel", **FAR | {"has_used_right": used}
    )
    car = settled(case, town, gateway, clock)
    assert {row.package.code for row in running(car)} == {BASE, ADD_ON, OTHER}
    assert hasattr(car.account, "withdrawal_use") is used


@pytest.mark.long
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(case=CASES)
@example(case=Case(base="monthly", add_on="yearly", other=None, asked_about=BASE, act="cancel", **FAR))
@example(case=Case(base=FREE, add_on="yearly", other="yearly", asked_about=ADD_ON, act="remove", **FAR))
@example(case=Case(base=FREE, add_on="yearly", other=None, asked_about=ADD_ON, act="cancel", **FAR | {"on_after": 900}))
@example(
    case=Case(
        base="yearly",
        add_on="yearly",
        other="monthly",
        asked_about=BASE,
        act="withdraw",
        **FAR | {"asked_after": 5, "on_after": 14, "has_trials": False},
    )
)
def test_S13_what_was_foretold_is_what_happens(town, clock, case):
    # A savepoint, as some actions want to be the outermost transaction; and a provider, which takes nothing back.
    before = transaction.savepoint()
    try:
        with gateway_like(None, clock=clock) as gateway:
            holds(case, town, gateway, clock)
    finally:
        transaction.savepoint_rollback(before)


def holds(case: Case, market, gateway, clock) -> None:
    car = settled(case, market, gateway, clock)
    asked_about = running(car).filter(package__code=case.asked_about).first()
    if asked_about is None or asked_about.is_pending:
        return
    on = market.local_date(START) + timedelta(days=max(case.on_after, case.asked_after, ORDERED_BY))
    foretold = what_if(asked_about, on=on, now=clock.now)
    paid_before = asked_about.payments.count()
    pass_days(until=on, market=market, gateway=gateway, clock=clock)
    then = Subscription.objects.get(pk=asked_about.pk)
    assert then.payments.count() - paid_before == len(foretold.charged_on)
    assert then.is_live is (foretold.removal is not None)
    assert then.next_charge_on == next(iter(foretold.next_charges), None) or foretold_ends_before(then, foretold)
    ACTS[case.act](car, then, foretold, clock.now)


def foretold_ends_before(then: Subscription, foretold: Outcome) -> bool:
    """The base of a free period ends before the next charge, so that it will not be made."""
    base = Subscription.objects.live().get(account=then.account, vehicle=then.vehicle, package=then.package.base)
    return foretold.next_charges == () and base.ends_on <= then.next_charge_on


def cancelled(_car: Membership, row: Subscription, foretold: Outcome, now: datetime) -> None:
    arguments = {"subscription": row, "confirmed": foretold.cancellation, "now": now, "by": row.account}
    if foretold.cancellation is None:
        assert refusal_code(cancel, **arguments) == "nothing_to_cancel"
        return
    before = promised(row)
    ended = cancel(**arguments)
    assert ended.ends_on == foretold.cancellation.ends_on
    assert promised(row) - before == foretold.cancellation.refund + foretold.cancellation.refund_of_add_ons


def withdrawn(_car: Membership, row: Subscription, foretold: Outcome, now: datetime) -> None:
    arguments = {"subscription": row, "confirmed": foretold.withdrawal, "now": now, "by": row.account}
    if foretold.withdrawal is None:
        assert refusal_code(withdraw, **arguments) in {"nothing_to_cancel", "withdrawal_over", "withdrawal_used"}
        return
    before = promised(row)
    assert withdraw(**arguments).ends_on == foretold.withdrawal.ends_on
    assert promised(row) - before == foretold.withdrawal.refund + foretold.withdrawal.refund_of_add_ons


def removed(car: Membership, row: Subscription, foretold: Outcome, now: datetime) -> None:
    if foretold.removal is None:
        return
    before = promised(row)
    remove_vehicle(membership=car, confirmed=foretold.removal, now=now, by=row.account)
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("ended", foretold.removed.ends_on)
    assert promised(row) - before == foretold.removal.refund


ACTS = {"cancel": cancelled, "withdraw": withdrawn, "remove": removed}


def promised(row: Subscription) -> Decimal:
    return Refund.objects.filter(account=row.account).aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


# What stands when it is asked


def settled(case: Case, market, gateway, clock) -> Membership:
    clock.now = START
    owner = make.account(f"owner-{make.uuid4()}@example.com", market=market, now=START)
    make.card(owner, gateway=gateway, now=START)
    # Its free years end on the last day of July 2026, or ended long ago.
    warranty = date(2018, 3, 31) if case.base == FREE else date(2001, 3, 31)
    car = make.active_car(owner, owner.pk, now=START, warranty_start=warranty)
    if case.has_used_right:
        former = make.subscription(car, package=Package.objects.get(code="former"), gateway=gateway, now=START)
        withdraw(subscription=former, confirmed=None, now=START, by=owner)
    if not case.has_trials:
        Package.objects.update(gives_trial=False)
    order(case.base, BASE, car, gateway)
    pass_days(until=market.local_date(START) + timedelta(days=ORDERED_BY), market=market, gateway=gateway, clock=clock)
    for term, code in ((case.add_on, ADD_ON), (case.other, OTHER)):
        if term:
            order(term, code, car, gateway, now=clock.now)
    ahead = max(case.asked_after, ORDERED_BY)
    if case.cancelled and (row := running(car).filter(package__code=case.cancelled).first()):
        cancel(subscription=row, confirmed=None, now=clock.now + timedelta(hours=1), by=owner)
    pass_days(until=market.local_date(START) + timedelta(days=ahead), market=market, gateway=gateway, clock=clock)
    return car


def order(term: str, code: str, car: Membership, gateway, *, now: datetime = START) -> None:
    package = Package.objects.get(code=code)
    if term == FREE:
        activate_complimentary(account=car.account, vehicle=car.vehicle, package=package, now=now, by=car.account)
    else:
        make.subscription(car, package=package, term=term, gateway=gateway, now=now)


def running(car: Membership):
    return Subscription.objects.live().filter(account=car.account, vehicle=car.vehicle).order_by("pk")


def pass_days(*, until: date, market, gateway, clock) -> None:
    """Runs on each day on which something is due, and stands at noon of the last one."""
    while (due := next_day(until)) is not None:
        clock.now = max(clock.now, datetime.combine(due, time(6), tzinfo=market.zone))
        charging_run(market=market, now=clock.now, gateway=gateway)
    clock.now = max(clock.now, datetime.combine(until, time(12), tzinfo=market.zone))


def next_day(until: date) -> date | None:
    live = Subscription.objects.live()
    days = [*live.values_list("next_try_on", flat=True), *live.values_list("ends_on", flat=True)]
    return min((day for day in days if day and day <= until), default=None)


def test_S13_S8_the_other_plan_is_charged_as_foretold(town, gateway, clock):
    case = Case(base="yearly", add_on=None, other=None, asked_about=BASE, act="cancel", **FAR)
    car = settled(case, town, gateway, clock)
    yearly = running(car).get()
    foretold = what_if(yearly, on=date(2026, 5, 30), now=clock.now)
    monthly = next(change for change in foretold.term_changes if change.plan.term == "monthly")
    pass_days(until=date(2026, 5, 30), market=town, gateway=gateway, clock=clock)
    cancel(subscription=yearly, confirmed=foretold.cancellation, now=clock.now, by=yearly.account)
    pass_days(until=monthly.starts_on, market=town, gateway=gateway, clock=clock)
    package = Package.objects.get(code=BASE)
    anew = make.subscription(car, package=package, term="monthly", gateway=gateway, now=clock.now)
    assert (anew.price, anew.payments.get().period_from, anew.next_charge_on) == (
        monthly.plan.price,
        *monthly.charges_on[:2],
    )
    assert Plan.objects.get(pk=anew.plan_id).term == "monthly"
