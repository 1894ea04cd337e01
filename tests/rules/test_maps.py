"""C6: editions of maps, what is due, the way of an update, and what a car's backend may tell."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from garage.rules import map_reports, maps
from garage.rules.map_reports import UpdateReport, VersionReport, is_before, read
from garage.rules.maps import MOVES, OPEN, REPORTED, Edition, IllegalMove, Season, State, Verdict, check_move, verdict
from garage.rules.said import Problem, Unreadable

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ID = "7d6f1f3e-8a52-4c0b-9d59-0a3a54f1c001"
SPRING, AUTUMN = Season.SPRING, Season.AUTUMN


@dataclass
class Out:
    version: str
    released_on: date = TODAY


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("2026.1", "2025.2", True),
        ("2026.1", "2026.1", False),
        ("2025.2", "2026.1", False),
        ("2026.10", "2026.9", True),
        ("2026.1.0", "2026.1", False),
        ("2026.1.1", "2026.1", True),
        ("0.0", "0.0.0", False),
    ],
)
def test_C6_versions_are_compared_by_their_numbers(version, than, newer):
    assert maps.is_newer(version, than) is newer


@pytest.mark.parametrize(
    ("text", "right"),
    [("2026.1", True), ("1.2.3.4", True), ("2026", False), ("2026.1b", False), ("1.2.3.4.5", False), ("", False)],
)
def test_C6_a_version_is_numbers_and_dots(text, right):
    assert maps.is_version(text) is right


def test_C6_the_newest_is_one_that_has_come_out():
    releases = [Out("2025.2"), Out("2026.1"), Out("2026.2", date(2026, 6, 11))]
    assert maps.newest(releases, today=TODAY) == releases[1]
    assert maps.newest(releases, today=date(2026, 6, 11)) == releases[2]
    assert maps.newest([], today=TODAY) is None


@pytest.mark.parametrize(
    ("release", "installed", "due", "offered"),
    [
        (Out("2026.1"), "2025.2", True, True),
        (Out("2026.1"), "2026.1", False, False),
        (Out("2026.1"), "2026.2", False, False),
        (Out("2026.1"), None, False, True),
        (None, "2025.2", False, False),
        (None, None, False, False),
    ],
)
def test_C6_due_is_what_is_newer_than_what_the_car_has_told(release, installed, due, offered):
    assert maps.is_due(release, installed=installed) is due
    assert maps.may_offer(release, installed=installed) is offered


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2026, 1, 1), (2025, AUTUMN)),
        (date(2026, 2, 28), (2025, AUTUMN)),
        (date(2026, 3, 1), (2026, SPRING)),
        (date(2026, 8, 31), (2026, SPRING)),
        (date(2026, 9, 1), (2026, AUTUMN)),
        (date(2026, 12, 31), (2026, AUTUMN)),
    ],
)
def test_C6_spring_begins_in_march_and_autumn_in_september(day, edition):
    assert maps.edition_of(day) == edition


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, (2026, SPRING)),
        ((2026, SPRING), (2026, AUTUMN)),
        ((2025, AUTUMN), (2026, SPRING)),
        ((2026, AUTUMN), (2027, SPRING)),
        # Of seasons long past none is still to come.
        ((2024, SPRING), (2026, SPRING)),
        ((2025, SPRING), (2026, SPRING)),
    ],
)
def test_C6_two_editions_a_year_follow_each_other(newest, expected):
    assert maps.expected(Edition(*newest) if newest else None, today=TODAY) == expected


def test_C6_every_move_of_an_update_is_in_the_table():
    allowed = {(before, after) for before, afters in MOVES.items() for after in afters}
    for before, after in product(State, State):
        if (before, after) in allowed:
            check_move(before, after)
        else:
            with pytest.raises(IllegalMove):
                check_move(before, after)
    assert MOVES.keys() == OPEN


@pytest.mark.parametrize(
    ("current", "said", "means"),
    [
        (State.REQUESTED, State.SENT, Verdict.MOVES),
        (State.REQUESTED, State.INSTALLED, Verdict.MOVES),
        (State.REQUESTED, State.FAILED, Verdict.MOVES),
        (State.SENT, State.SENT, Verdict.KNOWN),
        (State.SENT, State.INSTALLED, Verdict.MOVES),
        (State.SENT, State.FAILED, Verdict.MOVES),
        (State.INSTALLED, State.SENT, Verdict.KNOWN),
        (State.INSTALLED, State.INSTALLED, Verdict.KNOWN),
        (State.INSTALLED, State.FAILED, Verdict.OVER),
        (State.FAILED, State.SENT, Verdict.KNOWN),
        (State.FAILED, State.INSTALLED, Verdict.OVER),
        (State.FAILED, State.FAILED, Verdict.KNOWN),
        (State.CALLED_OFF, State.SENT, Verdict.OVER),
        (State.CALLED_OFF, State.INSTALLED, Verdict.OVER),
        (State.CALLED_OFF, State.FAILED, Verdict.OVER),
    ],
)
def test_C6_reports_that_come_twice_or_late_move_nothing_back(current, said, means):
    assert verdict(current, said) == means


def test_C6_an_update_is_called_off_until_it_is_on_its_way():
    assert [state for state in State if maps.may_call_off(state)] == [State.REQUESTED]


AT = NOW.isoformat()
A_VERSION = {"kind": "version", "vin": "jtj-sample cy900001", "version": "2026.1", "at": AT, "more": 1}
AN_UPDATE = {"kind": "update", "update": ID, "state": "sent", "at": AT}


def test_C6_a_report_is_read():
    assert read(A_VERSION, now=NOW) == VersionReport(vin="JTJSAMPLECY900001", version="2026.1", at=NOW)
    assert read(AN_UPDATE, now=NOW) == UpdateReport(update=UUID(ID), state=State.SENT, at=NOW)


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ("sent", "", Problem.WRONG_KIND),
        ({}, "kind", Problem.MISSING),
        (A_VERSION | {"kind": 1}, "kind", Problem.WRONG_KIND),
        (A_VERSION | {"kind": "colour"}, "kind", Problem.UNKNOWN_CODE),
        (A_VERSION | {"at": None}, "at", Problem.MISSING),
        (A_VERSION | {"at": "2026-06-10T09:00:00"}, "at", Problem.WRONG_KIND),
        (A_VERSION | {"at": "0001-01-01T00:00:00+14:00"}, "at", Problem.WRONG_KIND),
        (A_VERSION | {"at": "2026-06-10T09:06:00+00:00"}, "at", Problem.IN_FUTURE),
        (A_VERSION | {"vin": None}, "vin", Problem.MISSING),
        (A_VERSION | {"version": "spring"}, "version", Problem.WRONG_KIND),
        (A_VERSION | {"version": "2026.1" + "0" * 20}, "version", Problem.WRONG_KIND),
        (AN_UPDATE | {"update": "mine"}, "update", Problem.WRONG_KIND),
        (AN_UPDATE | {"state": "called_off"}, "state", Problem.UNKNOWN_CODE),
        (AN_UPDATE | {"state": "flown"}, "state", Problem.UNKNOWN_CODE),
    ],
)
def test_C6_what_is_wrong_with_a_report_is_named(said, field, problem):
    with pytest.raises(Unreadable) as raised:
        read(said, now=NOW)
    assert (raised.value.fault.field, raised.value.fault.problem) == (field, problem)


def test_C6_clocks_may_differ_by_five_minutes():
    assert read(A_VERSION, now=NOW - map_reports.MOST_APART).at == NOW
    assert not is_before(NOW - map_reports.MOST_APART, NOW)
    assert is_before(NOW - map_reports.MOST_APART - timedelta(seconds=1), NOW)


def test_C6_the_customers_own_end_is_nothing_that_a_car_tells():
    assert {State.SENT, State.INSTALLED, State.FAILED} == REPORTED
