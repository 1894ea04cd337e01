"""T1: what a report of a trip must say, and which trips are kept."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.notices import kept_from
from garage.rules.trips import (
    LeftOut,
    Privacy,
    Problem,
    Span,
    Unreadable,
    goes_on,
    read,
    why_left_out,
)

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
ON = date(2026, 6, 9)
SAID = {
    "id": "0b0a9d5e-5f5c-4f0e-8a53-0f2c5d1a7e11",
    "vin": "JTJSAMPLECY900001",
    "started_at": "2026-06-09T10:00:00+03:00",
    "ended_at": "2026-06-09T10:10:00+03:00",
    "distance_m": 6000,
    "duration_s": 600,
    "acceleration": 80,
    "braking": 70.5,
    "constant_speed": None,
    "privacy_mode": "off",
}
ALWAYS = [Span(datetime(2020, 1, 1, tzinfo=UTC))]


def report(**facts):
    return read(SAID | facts, now=NOW)


def faults(**facts):
    with pytest.raises(Unreadable) as caught:
        report(**facts)
    return [(fault.field, fault.problem) for fault in caught.value.faults]


def verdict(**facts):
    rest = {"on": ON, "kept_from": date(2023, 6, 1), "consent_since": datetime(2026, 1, 1, tzinfo=UTC)}
    terms = {name: facts.pop(name) for name in list(facts) if name in {*rest, "service"}}
    return why_left_out(report(**facts), **{"service": ALWAYS} | rest | terms)


def test_a_report_is_read_as_it_is_meant():
    trip = report()
    assert trip.started_at == datetime(2026, 6, 9, 7, 0, tzinfo=UTC)
    assert (trip.braking, trip.constant_speed, trip.score) == (Decimal("70.5"), None, None)
    assert trip.privacy_mode == Privacy.OFF


@pytest.mark.parametrize(("sent", "score"), [(None, "75.25"), (0, "0"), (91.5, "91.5")])
def test_T2_what_was_sent_is_the_score_and_ours_stands_in(sent, score):
    assert report(score=sent).shown_score == Decimal(score)


@pytest.mark.parametrize(
    ("facts", "field", "problem"),
    [
        ({"id": None}, "id", Problem.MISSING),
        ({"id": "trip 1"}, "id", Problem.NOT_AN_ID),
        ({"id": 7}, "id", Problem.NOT_AN_ID),
        ({"vin": ""}, "vin", Problem.MISSING),
        ({"vin": "JTJSAMPLECY90000"}, "vin", Problem.NOT_A_VIN),
        ({"vin": 17}, "vin", Problem.NOT_A_VIN),
        ({"started_at": "yesterday"}, "started_at", Problem.NOT_A_MOMENT),
        ({"started_at": "2026-06-09T10:00:00"}, "started_at", Problem.NOT_A_MOMENT),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "started_at", Problem.NOT_A_MOMENT),
        ({"started_at": "1999-12-31T23:59:59+00:00"}, "started_at", Problem.OUT_OF_RANGE),
        ({"started_at": 1_780_000_000}, "started_at", Problem.NOT_A_MOMENT),
        ({"ended_at": "2026-06-09T09:00:00+03:00"}, "ended_at", Problem.ENDS_BEFORE_START),
        ({"ended_at": "2026-06-10T12:06:00+03:00"}, "ended_at", Problem.IN_THE_FUTURE),
        ({"started_at": "2026-06-01T10:00:00+03:00"}, "ended_at", Problem.TOO_LONG),
        ({"duration_s": 602}, "duration_s", Problem.LONGER_THAN_IT_TOOK),
        ({"distance_m": None}, "distance_m", Problem.MISSING),
        ({"distance_m": "6000"}, "distance_m", Problem.NOT_A_NUMBER),
        ({"distance_m": 6000.5}, "distance_m", Problem.NOT_A_NUMBER),
        ({"distance_m": True}, "distance_m", Problem.NOT_A_NUMBER),
        ({"distance_m": -1}, "distance_m", Problem.OUT_OF_RANGE),
        ({"distance_m": 10**30}, "distance_m", Problem.OUT_OF_RANGE),
        ({"acceleration": None}, "acceleration", Problem.MISSING),
        ({"acceleration": True}, "acceleration", Problem.NOT_A_NUMBER),
        ({"acceleration": "80"}, "acceleration", Problem.NOT_A_NUMBER),
        ({"acceleration": 100.01}, "acceleration", Problem.OUT_OF_RANGE),
        ({"braking": 70.555}, "braking", Problem.OUT_OF_RANGE),
        ({"braking": 1e300}, "braking", Problem.OUT_OF_RANGE),
        ({"braking": float("nan")}, "braking", Problem.OUT_OF_RANGE),
        ({"constant_speed": -1}, "constant_speed", Problem.OUT_OF_RANGE),
        ({"score": 101}, "score", Problem.OUT_OF_RANGE),
        ({"privacy_mode": None}, "privacy_mode", Problem.MISSING),
        ({"privacy_mode": "on"}, "privacy_mode", Problem.UNKNOWN_CHOICE),
        ({"privacy_mode": []}, "privacy_mode", Problem.UNKNOWN_CHOICE),
    ],
)
def test_what_is_wrong_is_named_with_its_field(facts, field, problem):
    assert faults(**facts) == [(field, problem)]


def test_all_that_is_wrong_is_named_at_once():
    assert faults(id="x", braking=-1) == [("id", Problem.NOT_AN_ID), ("braking", Problem.OUT_OF_RANGE)]


def test_what_is_no_object_is_refused():
    with pytest.raises(Unreadable) as caught:
        read(["no", "trip"], now=NOW)
    assert caught.value.faults[0].problem == Problem.NOT_AN_OBJECT


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([]) | st.just({"a": 1})


@given(st.dictionaries(st.sampled_from(sorted(SAID)), JSON))
def test_whatever_is_said_is_read_or_refused(garbage):
    with contextlib.suppress(Unreadable):
        assert report(**garbage).started_at.year >= 2000


@pytest.mark.parametrize(
    ("metres", "seconds", "expected"),
    [(49, 9, LeftOut.TOO_SHORT), (50, 9, None), (49, 10, None), (0, 0, LeftOut.TOO_SHORT), (0, 600, None)],
)
def test_T1_short_is_short_by_distance_and_by_time(metres, seconds, expected):
    assert verdict(distance_m=metres, duration_s=seconds) == expected


@pytest.mark.parametrize(("mode", "expected"), [("off", None), ("part", None), ("at_end", LeftOut.PRIVACY_MODE)])
def test_D2_a_trip_that_ends_in_privacy_mode_is_not_kept(mode, expected):
    assert verdict(privacy_mode=mode) == expected


@pytest.mark.parametrize("since", [None, datetime(2026, 6, 9, 7, 0, 1, tzinfo=UTC)])
def test_D1_nothing_is_kept_without_the_consent_of_its_time(since):
    assert verdict(consent_since=since) == LeftOut.NO_CONSENT


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(datetime(2026, 6, 9, 7, 0, tzinfo=UTC)), None),
        (Span(datetime(2026, 6, 9, 7, 0, 1, tzinfo=UTC)), LeftOut.NOT_ACTIVATED),
        (Span(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 9, 7, 0, tzinfo=UTC)), LeftOut.NOT_ACTIVATED),
    ],
)
def test_T4_a_trip_counts_where_the_service_ran_when_it_began(span, expected):
    assert verdict(service=[span]) == expected
    assert verdict(service=[]) == LeftOut.NOT_ACTIVATED


def test_what_may_not_be_known_hides_what_is_known():
    assert verdict(consent_since=None, privacy_mode="at_end", distance_m=0, duration_s=0) == LeftOut.NO_CONSENT
    assert verdict(kept_from=date(2026, 6, 10), consent_since=None) == LeftOut.TOO_OLD


@pytest.mark.parametrize(
    ("day", "night"),
    [
        (date(2026, 6, 10), date(2029, 6, 11)),
        (date(2024, 2, 29), date(2027, 3, 1)),
        (date(2026, 12, 31), date(2030, 1, 1)),
    ],
)
def test_trips_of_a_day_go_in_the_first_night_that_keeps_them_no_more(day, night):
    assert goes_on(day, months=36) == night
    assert kept_from(today=night - timedelta(days=1), months=36) <= day < kept_from(today=night, months=36)


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_span_holds_its_start_and_not_its_end(start, length):
    end = min(start, datetime(9990, 1, 1, tzinfo=UTC)) + length
    span = Span(min(start, datetime(9990, 1, 1, tzinfo=UTC)), end)
    assert (span.start in span) == (length > timedelta(0))
    assert end not in span
