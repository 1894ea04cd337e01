from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.hours import holidays_ahead, next_opening, open_until, read_timetable

NICOSIA = ZoneInfo("Asia/Nicosia")
# Weekdays in two shifts, Saturday mornings; Monday 28 December 2026 is a holiday.
CENTRE = read_timetable(
    {
        "openings": [
            {"days": [0, 1, 2, 3, 4], "opens": "14:00", "closes": "17:00"},
            {"days": [0, 1, 2, 3, 4], "opens": "08:00", "closes": "13:00"},
            {"days": [5], "opens": "09:00", "closes": "12:00"},
        ],
        "holidays": ["2026-12-28"],
    }
)
NEVER = read_timetable({})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NICOSIA)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-12-22 07:59:59", None),
        ("2026-12-22 08:00", time(13)),
        ("2026-12-22 12:59:59", time(13)),
        ("2026-12-22 13:00", None),
        ("2026-12-22 14:00", time(17)),
        ("2026-12-26 11:59", time(12)),
        ("2026-12-26 14:00", None),
        ("2026-12-27 10:00", None),
        ("2026-12-28 10:00", None),
        ("2026-12-29 10:00", time(13)),
    ],
)
def test_H5_it_is_open_from_the_first_minute_to_before_the_last(moment, until):
    assert open_until(at(moment), CENTRE) == until


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-12-22 07:00", "2026-12-22 08:00"),
        ("2026-12-22 08:00", "2026-12-22 14:00"),
        ("2026-12-22 17:00", "2026-12-23 08:00"),
        ("2026-12-25 18:00", "2026-12-26 09:00"),
        # Sunday, and the Monday after it is a holiday.
        ("2026-12-26 12:00", "2026-12-29 08:00"),
    ],
)
def test_H5_the_next_opening_goes_past_nights_sundays_and_holidays(moment, opens):
    assert next_opening(at(moment), CENTRE) == at(opens)


def test_a_centre_without_hours_is_never_open_and_never_opens():
    assert open_until(at("2026-12-22 10:00"), NEVER) is None
    assert next_opening(at("2026-12-22 10:00"), NEVER) is None


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))
def test_when_it_opens_next_it_is_open(moment):
    opens = next_opening(moment, CENTRE)
    assert opens is not None
    assert opens > moment
    assert open_until(opens, CENTRE) is not None


def test_the_spans_of_a_day_come_in_order():
    assert CENTRE.spans(0) == [(time(8), time(13)), (time(14), time(17))]


@pytest.mark.parametrize(("today", "is_told"), [("2026-10-29", False), ("2026-10-30", True), ("2026-12-29", False)])
def test_a_holiday_is_told_sixty_days_before_and_not_after(today, is_told):
    assert (holidays_ahead(date.fromisoformat(today), CENTRE) == [date(2026, 12, 28)]) is is_told


@pytest.mark.parametrize(
    "entry",
    [
        {"days": [7], "opens": "08:00", "closes": "17:00"},
        {"days": [0], "opens": "17:00", "closes": "17:00"},
        {"days": [0], "opens": "22:00", "closes": "06:00"},
        {"days": [0], "opens": "25:00", "closes": "26:00"},
    ],
)
def test_hours_that_make_no_sense_are_refused(entry):
    with pytest.raises(ValueError):
        read_timetable({"openings": [entry]})
