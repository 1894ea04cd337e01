"""Free times of a workshop, and until when a booking can be changed (G8)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.bookings import MOVES, IllegalMove, State, check_move, may_move
from garage.rules.slots import (
    Span,
    free_bay,
    free_starts,
    has_room,
    is_bookable,
    length_of,
    may_change,
    starts_of_day,
)

NICOSIA = ZoneInfo("Asia/Nicosia")
DAY = date(2026, 6, 10)
MORNING = [(time(8, 0), time(10, 0))]
HOUR = timedelta(hours=1)
BAYS = [1, 2]


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """By the clock of Nicosia."""
    return datetime.combine(day, time(hour, minute), tzinfo=NICOSIA).astimezone(UTC)


def span(start: datetime, length: timedelta = HOUR) -> Span:
    return Span(start=start, end=start + length)


def free(taken=None, *, bays=BAYS, length=HOUR, openings=MORNING, day=DAY):
    return free_starts(day, openings, zone=NICOSIA, length=length, bays=bays, taken=taken or {})


def test_works_begin_each_half_hour_and_end_before_closing():
    assert free() == [at(8), at(8, 30), at(9)]
    assert free(length=2 * HOUR) == [at(8)]
    assert free(length=3 * HOUR) == []


def test_work_does_not_go_on_over_the_lunch_break():
    openings = [(time(13, 0), time(14, 0)), (time(8, 0), time(9, 0))]
    assert free(openings=openings) == [at(8), at(13)]
    assert free(openings=openings, length=2 * HOUR) == []


def test_a_time_is_free_as_long_as_one_bay_is():
    half = {1: [span(at(8))]}
    assert free(half) == [at(8), at(8, 30), at(9)]
    assert free(half | {2: [span(at(8, 30))]}) == [at(9)]
    assert free(bays=[]) == []


def test_work_may_begin_when_the_one_before_ends():
    assert free({1: [span(at(8))]}, bays=[1]) == [at(9)]


def test_the_first_free_bay_is_taken():
    assert free_bay(span(at(8)), BAYS, {}) == 1
    assert free_bay(span(at(8)), BAYS, {1: [span(at(8, 30))]}) == 2
    assert free_bay(span(at(8)), BAYS, {1: [span(at(8))], 2: [span(at(8))]}) is None


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 1), (date(2026, 10, 25), 3), (DAY, 2)])
def test_where_the_clock_is_moved_the_day_is_shorter_or_longer(day, hours):
    starts = starts_of_day(day, [(time(2, 30), time(4, 30))], zone=NICOSIA, length=timedelta(minutes=30))
    assert len(starts) == 2 * hours
    assert all(later - earlier == timedelta(minutes=30) for earlier, later in pairwise(starts))


@pytest.mark.parametrize(("ahead", "bookable"), [(-1, False), (0, False), (1, True), (60, True), (61, False)])
def test_G8_from_tomorrow_on_sixty_days_ahead(ahead, bookable):
    assert is_bookable(DAY + timedelta(days=ahead), today=DAY) is bookable


@pytest.mark.parametrize(("today", "may"), [(date(2026, 6, 9), True), (DAY, False), (date(2026, 6, 11), False)])
def test_G8_change_and_cancel_until_the_day_before(today, may):
    assert may_change(starts_on=DAY, today=today) is may


def test_a_car_has_three_bookings_to_come_at_most():
    assert [has_room(still_to_come=count) for count in range(5)] == [True, True, True, False, False]


def test_works_are_done_one_after_the_other():
    assert length_of([90, 60]) == timedelta(minutes=150)


BOOKINGS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=40)


@given(wishes=BOOKINGS)
def test_G8_however_they_come_no_two_share_a_bay_at_a_time(wishes):
    taken: dict[int, list[Span]] = {}
    for half_hours, length in wishes:
        wish = span(at(7) + half_hours * timedelta(minutes=30), length * timedelta(minutes=30))
        bay = free_bay(wish, BAYS, taken)
        if bay is not None:
            assert not any(wish.overlaps(other) for other in taken.get(bay, []))
            taken.setdefault(bay, []).append(wish)


def test_a_booking_moves_by_the_table():
    assert may_move(State.BOOKED, State.ARRIVED)
    assert not may_move(State.DONE, State.BOOKED)
    check_move(State.ARRIVED, State.DONE)
    with pytest.raises(IllegalMove, match="cancelled -> booked"):
        check_move(State.CANCELLED, State.BOOKED)


def test_what_is_over_stays_over():
    assert {state for state in State if not MOVES.get(state)} == {State.DONE, State.CANCELLED, State.REFUSED}
