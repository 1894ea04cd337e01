"""C4: the free years, by generation, from the warranty start on."""

from datetime import date

import pytest

from subscriptions.rules.complimentary import (
    complimentary_months,
    complimentary_period,
    months_passed,
    plan_starts_on,
)
from subscriptions.rules.periods import Period

MONTHS = {"MM21": 48, "default": 36}


@pytest.mark.parametrize(
    ("months_by_generation", "generation", "months"),
    [
        (MONTHS, "MM21", 48),
        (MONTHS, "MM17", 36),
        ({"MM21": 48}, "MM17", 0),
        ({"MM21": 0, "default": 36}, "MM21", 0),
        ({}, "MM21", 0),
    ],
)
def test_C4_the_generation_decides(months_by_generation, generation, months):
    assert complimentary_months(months_by_generation, generation) == months


@pytest.mark.parametrize(
    ("start_on", "months", "period"),
    [
        (date(2020, 6, 1), 48, Period(date(2020, 6, 1), date(2024, 6, 1))),
        (date(2020, 2, 29), 36, Period(date(2020, 2, 29), date(2023, 2, 28))),
        (date(2020, 2, 29), 48, Period(date(2020, 2, 29), date(2024, 2, 29))),
        (None, 48, None),
        (date(2020, 6, 1), 0, None),
    ],
)
def test_C4_the_period_counts_from_the_start_of_the_warranty(start_on, months, period):
    assert complimentary_period(free_years_start_on=start_on, months=months) == period


@pytest.mark.parametrize(
    ("today", "passed"),
    [
        (date(2020, 2, 1), 0),
        (date(2020, 2, 29), 0),
        (date(2020, 3, 28), 0),
        (date(2020, 3, 29), 1),
        (date(2021, 2, 28), 12),
        (date(2023, 2, 27), 35),
        (date(2023, 2, 28), 36),
        (date(2025, 1, 1), 36),
    ],
)
def test_C4_whole_months_of_the_period_that_have_passed(today, passed):
    assert months_passed(Period(date(2020, 2, 29), date(2023, 2, 28)), today=today) == passed


@pytest.mark.parametrize(
    ("today", "days_ahead", "starts_on"),
    [
        (date(2024, 1, 14), 60, None),
        (date(2024, 1, 15), 60, date(2024, 3, 15)),
        # More than sixty days are never allowed.
        (date(2024, 1, 14), 90, None),
        (date(2024, 3, 14), 0, None),
        (date(2024, 3, 14), 1, date(2024, 3, 15)),
        (date(2024, 3, 15), 0, date(2024, 3, 15)),
        # Not even before it begins: it comes with the car.
        (date(2020, 3, 14), 60, None),
    ],
)
def test_C4_a_plan_starts_today_or_when_the_free_period_ends(today, days_ahead, starts_on):
    free = Period(date(2020, 3, 15), date(2024, 3, 15))
    assert plan_starts_on(free, today=today, days_ahead=days_ahead) == starts_on


def test_C4_a_free_period_still_to_begin_is_followed_as_one_that_runs():
    soon = Period(date(2020, 3, 15), date(2020, 4, 15))
    assert plan_starts_on(soon, today=date(2020, 3, 14), days_ahead=60) == date(2020, 4, 15)


def test_C4_without_a_free_period_a_plan_starts_today():
    assert plan_starts_on(None, today=date(2024, 1, 1), days_ahead=60) == date(2024, 1, 1)
