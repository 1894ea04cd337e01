"""When maintenance is due, and what the warranty is worth (G8)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.maintenance import (
    Done,
    Interval,
    Plan,
    Urgency,
    due,
    fits,
    is_to_remind,
    next_anniversary,
    plan_for,
    warranty,
)

START = date(2024, 3, 15)
TODAY = date(2025, 1, 10)
YEARLY = Interval(code="service", months=12, km=15_000)
LATER, SOON, DUE = Urgency
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def done(on: date, km: int, *codes: str) -> Done:
    return Done(on=on, km=km, codes=frozenset(codes))


def yearly(*history: Done, today: date = TODAY, km: int | None = None, start: date | None = START):
    return due(YEARLY, history=history, start=start, today=today, odometer_km=km)


def test_G8_never_done_it_counts_from_the_start_of_the_warranty_and_kilometre_zero():
    found = yearly()
    assert (found.on, found.km, found.since, found.urgency) == (date(2025, 3, 15), 15_000, None, LATER)


def test_G8_done_it_counts_from_the_last_time_by_day_and_reading():
    found = yearly(done(date(2024, 9, 1), 9_000, "service"), done(date(2024, 5, 1), 4_000, "service"))
    assert (found.on, found.km, found.since.km) == (date(2025, 9, 1), 24_000, 9_000)


def test_G8_a_service_that_did_something_else_does_not_count():
    assert yearly(done(date(2024, 9, 1), 9_000, "brake-fluid")).since is None


@pytest.mark.parametrize(
    ("today", "km", "urgency"),
    [
        (date(2025, 2, 12), None, LATER),
        (date(2025, 2, 13), None, SOON),
        (date(2025, 3, 14), None, SOON),
        (date(2025, 3, 15), None, DUE),
        (TODAY, 13_499, LATER),
        (TODAY, 13_500, SOON),
        (TODAY, 14_999, SOON),
        (TODAY, 15_000, DUE),
        # Whichever comes first.
        (date(2025, 2, 13), 15_000, DUE),
        (date(2025, 3, 15), 13_500, DUE),
    ],
)
def test_G8_by_date_and_by_distance_whichever_comes_first(today, km, urgency):
    assert yearly(today=today, km=km).urgency is urgency


def test_G8_without_a_start_only_the_distance_is_known_and_without_both_nothing():
    by_distance = yearly(start=None, km=20_000)
    assert (by_distance.on, by_distance.km, by_distance.urgency) == (None, 15_000, DUE)
    assert due(Interval(code="fluid", months=24), history=[], start=None, today=TODAY, odometer_km=9) is None


def test_G8_a_work_by_date_only_has_no_distance():
    found = due(Interval(code="fluid", months=24), history=[], start=START, today=TODAY, odometer_km=99_000)
    assert (found.on, found.km, found.urgency) == (date(2026, 3, 15), None, LATER)


@given(on=DAYS, later=DAYS, km=st.integers(0, 400_000), today=DAYS)
def test_G8_a_later_service_never_brings_the_next_one_nearer(on, later, km, today):
    first, second = sorted([on, later])
    one = yearly(done(first, km, "service"), today=today)
    two = yearly(done(first, km, "service"), done(second, km + 100, "service"), today=today)
    assert two.on >= one.on
    assert two.urgency <= one.urgency


@pytest.mark.parametrize(("days", "told"), [(-31, False), (-30, True), (-1, True), (0, True), (1, False)])
def test_a_reminder_goes_out_thirty_days_before_or_later_and_not_once_the_day_is_over(days, told):
    assert is_to_remind(due_on=TODAY, today=TODAY + timedelta(days=days)) is told


@pytest.mark.parametrize(
    ("on", "km", "fitting"),
    [
        (date(2024, 5, 1), 4_000, True),
        (date(2024, 5, 1), 2_999, False),
        (date(2024, 5, 1), 9_001, False),
        (date(2024, 9, 1), 1, False),
        (date(2024, 9, 1), 99_000, True),
        (date(2024, 4, 1), 8_000, True),
    ],
)
def test_an_odometer_only_goes_up(on, km, fitting):
    history = [done(date(2024, 4, 1), 3_000), done(date(2024, 8, 1), 9_000)]
    assert fits(done(on, km), history=history) is fitting


def test_a_plan_that_names_the_model_goes_before_that_of_its_powertrain():
    general, other = Plan(code="hybrid", powertrain="hybrid"), Plan(code="petrol", powertrain="petrol")
    named = Plan(code="lc", powertrain="petrol", models=frozenset({"LC 500"}))
    plans = [general, other, named]
    assert plan_for(model="NX 350h", powertrain="hybrid", plans=plans) is general
    assert plan_for(model="LC 500", powertrain="petrol", plans=plans) is named
    assert plan_for(model="RZ 450e", powertrain="electric", plans=plans) is None


@pytest.mark.parametrize(
    ("today", "km", "over"),
    [
        (date(2027, 3, 14), 99_999, False),
        (date(2027, 3, 15), None, True),
        (date(2025, 1, 1), 100_000, True),
        (date(2025, 1, 1), None, False),
    ],
)
def test_G8_the_warranty_ends_by_months_or_by_kilometres(today, km, over):
    found = warranty(start=START, months=36, km=100_000, today=today, odometer_km=km)
    assert (found.ends_on, found.is_over) == (date(2027, 3, 15), over)


def test_G8_a_warranty_without_a_start_or_a_length_is_not_known():
    assert warranty(start=None, months=36, km=None, today=TODAY, odometer_km=1) is None
    assert warranty(start=START, months=None, km=None, today=TODAY, odometer_km=1) is None
    assert warranty(start=START, months=36, km=None, today=TODAY, odometer_km=999_999).is_over is False


@pytest.mark.parametrize(
    ("start", "today", "on", "years"),
    [
        (START, date(2024, 3, 15), date(2025, 3, 15), 1),
        (START, date(2025, 3, 15), date(2025, 3, 15), 1),
        (START, date(2025, 3, 16), date(2026, 3, 15), 2),
        (date(2024, 2, 29), date(2025, 2, 1), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29), 4),
        (date(2027, 1, 1), TODAY, date(2028, 1, 1), 1),
    ],
)
def test_G8_the_anniversary_is_todays_or_the_next_one(start, today, on, years):
    found = next_anniversary(start, today=today)
    assert (found.on, found.years) == (on, years)


@given(start=DAYS, today=DAYS)
def test_G8_the_next_anniversary_is_less_than_a_year_away_once_the_warranty_runs(start, today):
    found = next_anniversary(start, today=today)
    assert found.on >= today or start > today
    assert start > today or (found.on - today).days <= 366
