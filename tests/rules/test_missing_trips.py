"""T4: each cause of a missing or wrong trip is so, may be so, cannot be known, or is not so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from garage.rules.missing_trips import Answer, Cause, DayFacts, causes
from garage.rules.trips import LeftOut, Span

ON = date(2026, 6, 10)
MIDNIGHT = datetime(2026, 6, 10, tzinfo=UTC)
NOON, NEXT = MIDNIGHT + timedelta(hours=12), MIDNIGHT + timedelta(days=1)
ALWAYS, NEVER = [Span(datetime(2020, 1, 1, tzinfo=UTC))], []
FROM_NOON, UNTIL_NOON = [Span(NOON)], [Span(datetime(2020, 1, 1, tzinfo=UTC), NOON)]
OVER_AT_MIDNIGHT = [Span(datetime(2020, 1, 1, tzinfo=UTC), NEXT)]
IS_SO, MAY_BE, UNKNOWN, NOT_SO = Answer


def answers(**facts):
    usual = {
        "on": ON,
        "span": Span(MIDNIGHT, NEXT),
        "now": NEXT + timedelta(days=30),
        "kept_from": date(2023, 6, 1),
        "control": ALWAYS,
        "service": ALWAYS,
        "consent": ALWAYS,
        "was_profile_linked": True,
        "was_private": False,
        "was_disturbed": False,
        "left_out": [],
        "trips": 1,
        "partial_trips": 0,
        "trips_without_constant_speed": 0,
        "has_any_trips": True,
    }
    return dict(causes(DayFacts(**usual | facts)))


def test_T4_every_cause_has_one_answer():
    assert set(answers()) == set(Cause)


def test_T4_where_all_is_well_only_what_cannot_be_known_is_left():
    assert {cause for cause, answer in answers().items() if answer != NOT_SO} == {Cause.NO_GPS, Cause.MAINTENANCE}


@pytest.mark.parametrize(
    ("facts", "cause", "answer"),
    [
        ({"control": NEVER}, Cause.NOT_YOURS, IS_SO),
        ({"control": FROM_NOON}, Cause.NOT_YOURS, MAY_BE),
        ({"control": OVER_AT_MIDNIGHT}, Cause.NOT_YOURS, NOT_SO),
        ({"kept_from": date(2026, 6, 11)}, Cause.TOO_OLD, IS_SO),
        ({"service": NEVER}, Cause.NOT_ACTIVATED, IS_SO),
        ({"service": [Span(NEXT)]}, Cause.NOT_ACTIVATED, IS_SO),
        ({"service": UNTIL_NOON}, Cause.NOT_ACTIVATED, MAY_BE),
        ({"consent": NEVER}, Cause.NO_CONSENT, IS_SO),
        ({"consent": FROM_NOON}, Cause.NO_CONSENT, MAY_BE),
        # Withdrawn since: what came in later was not kept.
        ({"consent": OVER_AT_MIDNIGHT}, Cause.NO_CONSENT, MAY_BE),
        ({"was_profile_linked": False}, Cause.NOT_LINKED, MAY_BE),
        ({"was_private": True}, Cause.PRIVACY_AT_END, MAY_BE),
        ({"was_private": True, "left_out": [LeftOut.PRIVACY_MODE]}, Cause.PRIVACY_AT_END, IS_SO),
        ({"left_out": [LeftOut.PRIVACY_MODE]}, Cause.PRIVACY_AT_END, IS_SO),
        ({"left_out": [LeftOut.TOO_SHORT]}, Cause.PRIVACY_AT_END, NOT_SO),
        ({"consent": NEVER}, Cause.PRIVACY_AT_END, UNKNOWN),
        ({"now": NEXT}, Cause.PRIVACY_AT_END, MAY_BE),
        ({"has_any_trips": False}, Cause.NONE_YET, IS_SO),
        ({"left_out": [LeftOut.TOO_SHORT]}, Cause.TOO_SHORT, IS_SO),
        ({"now": NEXT}, Cause.TOO_SHORT, MAY_BE),
        ({"now": NEXT + timedelta(hours=23)}, Cause.DELAY, MAY_BE),
        ({"now": NEXT + timedelta(hours=24)}, Cause.DELAY, NOT_SO),
        ({"span": Span(MIDNIGHT)}, Cause.DELAY, MAY_BE),
        ({"was_disturbed": True}, Cause.MAINTENANCE, MAY_BE),
        ({"partial_trips": 1}, Cause.PRIVACY_PART, IS_SO),
        ({"trips_without_constant_speed": 2}, Cause.NO_CONSTANT_SPEED, IS_SO),
    ],
)
def test_T4_what_is_known_decides(facts, cause, answer):
    assert answers(**facts)[cause] == answer
