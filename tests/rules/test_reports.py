"""G10: which reports are taken in, and which of several values is the last."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from garage.rules import reports as rules
from garage.rules.reports import AlertReport, PrivacyReport, Problem, Report, StateReport, fault_of, is_old, last_of
from garage.rules.warning_lights import ADVICE, Advice, advice_of, gravest_first

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
OLDEST = datetime(2023, 6, 30, tzinfo=UTC)
COMMON = {"id": "r1", "vin": "JTJSAMPLECY900001", "at": NOW}


def state(*, at: datetime = NOW, contact: datetime | None = None, **values: object) -> StateReport:
    return StateReport(**COMMON | {"at": at}, values=values, last_contact_at=contact)


def alert(what: str, *details: str) -> AlertReport:
    return AlertReport(**COMMON, alert=what, details=details)


def problem_of(report: Report) -> Problem | None:
    fault = fault_of(report, now=NOW)
    return fault.problem if fault else None


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        (state(odometer_km=0), None),
        (state(odometer_km=999_999), None),
        (state(odometer_km=1_000_000), Problem.OUT_OF_RANGE),
        (state(odometer_km=-1), Problem.OUT_OF_RANGE),
        (state(battery_volts=Decimal("30.01")), Problem.OUT_OF_RANGE),
        (state(doors_open=[]), None),
        (state(is_boot_open=False), None),
        (state(doors_open=["front_left", "front_left"]), Problem.OUT_OF_RANGE),
        (state(doors_open=["roof"]), Problem.UNKNOWN_CODE),
        (state(warning_lights=["never_heard_of"]), None),
        (state(warning_lights=["No Code"]), Problem.UNKNOWN_CODE),
        (state(warning_lights=[f"light_{n}" for n in range(31)]), Problem.OUT_OF_RANGE),
        (state(), Problem.EMPTY),
        (state(at=NOW + rules.MOST_AHEAD, odometer_km=1), None),
        (state(at=NOW + rules.MOST_AHEAD + timedelta(seconds=1), odometer_km=1), Problem.IN_FUTURE),
        (state(contact=NOW + timedelta(hours=1), odometer_km=1), Problem.IN_FUTURE),
        (state(at=OLDEST, odometer_km=1), None),
        (state(at=OLDEST - timedelta(seconds=1), odometer_km=1), Problem.TOO_OLD),
        (alert("window_open"), None),
        (alert("window_open", "rear_left"), None),
        (alert("boot_open", "rear_left"), Problem.UNKNOWN_CODE),
        (alert("tyre_stolen"), Problem.UNKNOWN_CODE),
        (alert("warning_light"), Problem.EMPTY),
        (alert("warning_light", "abs"), None),
        (PrivacyReport(**COMMON, is_on=True, source="app"), None),
        (PrivacyReport(**COMMON, is_on=True, source="dealer"), Problem.UNKNOWN_CODE),
        (PrivacyReport(**COMMON | {"id": "with blank"}, is_on=True, source="app"), Problem.REPORT_ID),
        (PrivacyReport(**COMMON | {"id": "x" * 65}, is_on=True, source="app"), Problem.REPORT_ID),
    ],
)
def test_G10_a_report_is_taken_in_unless_something_in_it_cannot_be(report, problem):
    assert problem_of(report) == problem


def test_G10_a_kind_of_report_that_no_rule_knows_is_a_programming_error():
    with pytest.raises(TypeError):
        problem_of(Report(**COMMON))


def test_G10_a_group_is_taken_whole_from_the_report_in_which_it_arose_last():
    before = state(at=NOW - timedelta(hours=1), fuel_percent=60, fuel_range_km=500, odometer_km=1)
    last = last_of([state(fuel_percent=55), before])
    assert (last["fuel_percent"], last["fuel_range_km"], last["fuel_at"]) == (55, None, NOW)
    assert (last["odometer_km"], last["odometer_at"]) == (1, before.at)


# By hours ago: the odometer, and the fuel where it was sent.
histories = some.dictionaries(
    some.integers(0, 20), some.tuples(some.integers(0, 9), some.none() | some.integers(0, 9)), max_size=6
)


@given(history=histories, order=some.permutations(range(21)), cut=some.integers(0, 6))
def test_G10_the_order_in_which_reports_come_changes_nothing(history, order, cut):
    told = {
        hours: state(at=NOW - timedelta(hours=hours), odometer_km=km, fuel_percent=percent)
        for hours, (km, percent) in history.items()
    }
    shuffled = [told[hours] for hours in order if hours in told]
    in_two_batches = last_of(shuffled[cut:], known=last_of(shuffled[:cut]))
    assert last_of(told.values()) == in_two_batches


def test_G10_what_a_car_has_not_said_for_three_days_is_old():
    assert not is_old(NOW - timedelta(days=3), now=NOW)
    assert is_old(NOW - timedelta(days=3, seconds=1), now=NOW)


def test_G10_the_gravest_light_comes_first_and_an_unknown_one_is_taken_with_care():
    assert gravest_first(["low_fuel", "abs", "oil_pressure"]) == ["oil_pressure", "abs", "low_fuel"]
    assert advice_of("never_heard_of") == Advice.CARE
    assert {*ADVICE.values()} == set(Advice)


def test_D4_what_is_dated_ahead_counts_as_now():
    ahead = state(at=NOW + timedelta(minutes=2), odometer_km=1)
    assert rules.not_ahead(ahead, now=NOW) == state(odometer_km=1)
    assert rules.not_ahead(state(), now=NOW) == state()


def test_G10_the_car_called_no_earlier_than_what_it_says_arose():
    assert state(contact=NOW - timedelta(hours=1)).contact_at == NOW
    assert state(contact=NOW + timedelta(minutes=1)).contact_at == NOW + timedelta(minutes=1)
    assert state().contact_at == NOW
