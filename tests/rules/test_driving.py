"""T3: months are compared with what they may be compared with, and days raise or lower them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.driving import Days, Month, Sums, compared_days, pulls, summed
from garage.rules.scoring import weighed

JUNE, MAY = Month(2026, 6), Month(2026, 5)


def days(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def driven(metres: int, score: int) -> Sums:
    return Sums(trips=1, distance_m=metres, score=weighed(metres, Decimal(score)))


@pytest.mark.parametrize(
    ("known", "shown", "earlier"),
    [
        # June is over, May is all one's own.
        (("2025-01-01", "2026-07-09"), ("2026-06-01", "2026-06-30"), ("2026-05-01", "2026-05-31")),
        # June is not over.
        (("2025-01-01", "2026-06-10"), ("2026-06-01", "2026-06-10"), ("2026-05-01", "2026-05-10")),
        # Control ended in June.
        (("2025-01-01", "2026-06-20"), ("2026-06-01", "2026-06-20"), ("2026-05-01", "2026-05-20")),
    ],
)
def test_T3_a_month_is_compared_with_the_same_days_at_most(known, shown, earlier):
    assert compared_days(JUNE, days(*known)) == (days(*shown), days(*earlier))


@pytest.mark.parametrize(
    "known",
    [
        ("2026-06-05", "2026-06-30"),
        ("2026-07-01", "2026-07-09"),
        # Not all of them are one's own.
        ("2026-05-20", "2026-06-10"),
        ("2026-05-02", "2026-07-09"),
    ],
)
def test_T3_without_all_of_those_days_there_is_no_comparison(known):
    assert compared_days(JUNE, days(*known)) is None


def test_T3_the_31st_is_compared_with_the_last_day_of_a_shorter_month():
    known = days("2025-01-01", "2026-03-30")
    assert compared_days(Month(2026, 3), known) == (days("2026-03-01", "2026-03-30"), days("2026-02-01", "2026-02-28"))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 120))
def test_T3_what_is_not_known_is_never_compared(first, last, months_on):
    known = Days(min(first, last), max(first, last))
    month = Month(2020 + months_on // 12, months_on % 12 + 1)
    compared = compared_days(month, known)
    if compared:
        shown, earlier = compared
        assert shown.within(known) == shown.within(month.days) == shown
        assert earlier.within(known) == earlier.within(month.before.days) == earlier


@pytest.mark.parametrize("text", ["2026-6", "2026-13", "26-06", "2026-06-01", "june", "", "٢٠٢٦-٠٦"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Month.read(text)


def test_months_are_read_as_they_are_said():
    assert str(Month.read("2026-06")) == "2026-06"
    assert (JUNE.before, Month(2026, 1).before) == (MAY, Month(2025, 12))
    assert date(2026, 6, 30) in JUNE.days
    assert date(2026, 7, 1) not in JUNE.days


def test_T3_days_raise_and_lower_a_month():
    of_days = {date(2026, 6, 1): driven(30_000, 90), date(2026, 6, 2): driven(10_000, 50), date(2026, 6, 3): Sums()}
    raised, lowered = pulls(of_days)
    assert [(one.day.day, one.points) for one in raised] == [(1, Decimal(30))]
    assert [(one.day.day, one.points) for one in lowered] == [(2, Decimal(-10))]


def test_T3_no_more_than_three_days_are_named_each_way():
    of_days = {date(2026, 6, day): driven(1000, 50 + day) for day in range(1, 21)}
    raised, lowered = pulls(of_days)
    assert [one.day.day for one in raised] == [20, 19, 18]
    assert [one.day.day for one in lowered] == [1, 2, 3]


def test_a_single_day_neither_raises_nor_lowers():
    assert pulls({date(2026, 6, 1): driven(1000, 80)}) == ([], [])
    assert summed([]).score.score is None
