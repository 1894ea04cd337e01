"""S13: where a subscription will stand on a later day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.cancellation import Standing, quote_cancellation
from subscriptions.rules.leaving import Leaver
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.pricing import Agreed
from subscriptions.rules.projection import (
    OutOfSight,
    charges_to_come,
    out_of_sight,
    project,
    project_leaver,
    sample_days,
    standing_at_order,
)

TODAY = date(2024, 1, 10)


def order(*, trial=1, term=12, on=TODAY) -> Standing:
    return standing_at_order(activated_on=on, trial_months=trial, term_months=term, price=Decimal("99.00"))


def test_an_order_stands_in_its_free_month_or_with_its_first_charge_paid():
    trial, paid = order(), order(trial=0)
    assert (trial.status, trial.periods_paid, trial.next_charge_on) == (Status.TRIAL, 0, date(2024, 2, 10))
    assert (paid.status, paid.periods_paid, paid.next_charge_on) == (Status.PAID, 1, date(2025, 1, 10))


@pytest.mark.parametrize(
    ("trial", "term", "on", "status", "charged", "next_charge"),
    [
        (1, 12, "2024-01-10", "trial", [], "2024-02-10"),
        (1, 12, "2024-02-09", "trial", [], "2024-02-10"),
        (1, 12, "2024-02-10", "paid", ["2024-02-10"], "2025-02-10"),
        (1, 12, "2025-02-09", "paid", ["2024-02-10"], "2025-02-10"),
        (1, 12, "2026-03-01", "paid", ["2024-02-10", "2025-02-10", "2026-02-10"], "2027-02-10"),
        (1, 48, "2028-02-10", "paid", ["2024-02-10", "2028-02-10"], "2032-02-10"),
        (0, 1, "2024-03-31", "paid", ["2024-02-10", "2024-03-10"], "2024-04-10"),
        (0, 12, "2024-12-31", "paid", [], "2025-01-10"),
    ],
)
def test_S5_the_charges_between_now_and_then_are_made(trial, term, on, status, charged, next_charge):
    then = project(order(trial=trial, term=term), today=TODAY, on=date.fromisoformat(on))
    assert [str(day) for day in then.charged_on] == charged
    assert (then.standing.status, str(then.standing.next_charge_on)) == (status, next_charge)
    assert then.standing.periods_paid == len(charged) + (0 if trial else 1)


@pytest.mark.parametrize(
    ("trial", "on", "status", "charged", "next_charge"),
    [
        (1, "2024-02-29", "scheduled", [], "2024-04-15"),
        (1, "2024-03-15", "trial", [], "2024-04-15"),
        (1, "2024-04-15", "paid", ["2024-04-15"], "2025-04-15"),
        (0, "2024-03-14", "scheduled", [], "2024-03-15"),
        (0, "2024-03-15", "paid", ["2024-03-15"], "2025-03-15"),
    ],
)
def test_C4_what_was_ordered_ahead_has_begun_by_its_day(trial, on, status, charged, next_charge):
    ahead = standing_at_order(
        activated_on=date(2024, 3, 15), trial_months=trial, term_months=12, price=Decimal("99.00"), is_ahead=True
    )
    then = project(ahead, today=TODAY, on=date.fromisoformat(on))
    assert [str(day) for day in then.charged_on] == charged
    assert (then.standing.status, str(then.standing.next_charge_on)) == (status, next_charge)


def standing(status: Status, next_charge_on: date | None) -> Standing:
    facts = {"activated_on": date(2023, 12, 10), "trial_months": 1, "term_months": 12, "periods_paid": 0}
    return Standing(status=status, paid=Decimal("99.00"), next_charge_on=next_charge_on, **facts)


def test_todays_is_the_standing_itself_also_with_a_charge_due_and_unpaid():
    unpaid = standing(Status.PAST_DUE, TODAY)
    assert project(unpaid, today=TODAY, on=TODAY).standing == unpaid
    assert project(unpaid, today=TODAY, on=date(2024, 1, 11)).standing.status is Status.PAID


@pytest.mark.parametrize("status", [Status.COMPLIMENTARY, Status.PAID, Status.PENDING])
def test_what_does_not_renew_stays_as_it_is(status):
    still = standing(status, None if status is not Status.PENDING else TODAY)
    assert project(still, today=TODAY, on=date(2026, 1, 1)).standing == still


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        ("2024-01-09", OutOfSight.PAST),
        ("2024-01-10", None),
        ("2029-01-10", None),
        ("2029-01-11", OutOfSight.TOO_FAR),
    ],
)
def test_S13_today_to_five_years_ahead_can_be_asked_about(on, answer):
    assert out_of_sight(date.fromisoformat(on), today=TODAY) == answer


@pytest.mark.parametrize(
    ("term", "days"),
    [
        (1, ["2024-01-19", "2024-02-19", "2024-03-19"]),
        (12, ["2024-01-19", "2024-08-19", "2025-02-19"]),
        (48, ["2024-01-19", "2026-02-19", "2028-02-19"]),
    ],
)
def test_S13_three_sample_days(term, days):
    asked = sample_days(order(term=term))
    assert [str(day) for day in asked] == days
    assert [out_of_sight(day, today=TODAY) for day in asked] == [None, None, None]


@given(
    on=st.dates(TODAY, date(2029, 1, 10)),
    via=st.dates(TODAY, date(2029, 1, 10)),
    term=st.sampled_from([1, 12, 48]),
    trial=st.sampled_from([0, 1]),
)
def test_going_there_in_two_steps_comes_to_the_same(on, via, term, trial):
    via = min(via, on)
    halfway = project(order(trial=trial, term=term), today=TODAY, on=via)
    whole = project(order(trial=trial, term=term), today=TODAY, on=on)
    assert project(halfway.standing, today=via, on=on).standing == whole.standing
    assert quote_cancellation(whole.standing, today=on).refund <= Decimal("99.00")


def amended(**fields) -> Standing:
    """A yearly order with its first charge paid at 99.00 on 10 January 2024, and 109.00 accepted from 2026 on."""
    later = (Agreed(price=Decimal("109.00"), vat_rate=Decimal(19), first_index=2),)
    return replace(order(trial=0), later=later, **fields)


def test_S10_an_accepted_price_is_foretold_from_its_charge_on():
    then = project(amended(), today=TODAY, on=date(2026, 5, 1))
    assert [(str(charge.on), str(charge.amount)) for charge in then.charged] == [
        ("2025-01-10", "99.00"),
        ("2026-01-10", "109.00"),
    ]
    assert then.standing.paid == Decimal("109.00")
    assert quote_cancellation(then.standing, today=date(2026, 5, 1)).refund == Decimal("72.67")


def test_S10_the_charges_to_come_name_their_own_price():
    coming = charges_to_come(amended(), count=3)
    assert [(charge.on.year, str(charge.amount)) for charge in coming] == [
        (2025, "99.00"),
        (2026, "109.00"),
        (2027, "109.00"),
    ]


def test_S10_from_the_day_on_which_it_stops_nothing_is_foretold():
    stopping = amended(stops_on=date(2026, 1, 10))
    assert [str(charge.on) for charge in charges_to_come(stopping, count=3)] == ["2025-01-10"]
    then = project(stopping, today=TODAY, on=date(2026, 1, 10))
    assert ([str(day) for day in then.charged_on], then.standing.periods_paid) == (["2025-01-10"], 2)


def test_of_what_does_not_renew_no_charge_is_to_come():
    assert charges_to_come(standing(Status.COMPLIMENTARY, None), count=3) == ()


@pytest.mark.parametrize(
    ("trial", "on", "paid", "paid_then"),
    [(1, "2024-02-09", "0.00", "0.00"), (1, "2024-02-10", "0.00", "99.00"), (0, "2025-01-10", "60.00", "60.00")],
)
def test_X5_the_first_period_is_paid_once_its_day_has_come(trial, on, paid, paid_then):
    leaver = Leaver(standing=order(trial=trial), ends_on=None, paid=Decimal(paid), refunded=Decimal("0.00"))
    then = project_leaver(leaver, today=TODAY, on=date.fromisoformat(on))
    assert then.paid == Decimal(paid_then)
    assert then.standing == project(leaver.standing, today=TODAY, on=date.fromisoformat(on)).standing
