from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.rules.terms import (
    TermsStanding,
    current_version,
    days_left,
    has_days_to_accept,
    is_paused,
    last_day_to_accept,
    terms_standing,
)


@dataclass(frozen=True)
class Version:
    name: str
    effective_at: datetime


FIRST = Version("1", datetime(2024, 1, 1, tzinfo=UTC))
SECOND = Version("2", datetime(2025, 1, 1, tzinfo=UTC))
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (FIRST.effective_at - INSTANT, None),
        (FIRST.effective_at, FIRST),
        (SECOND.effective_at - INSTANT, FIRST),
        (SECOND.effective_at, SECOND),
        (SECOND.effective_at + timedelta(days=900), SECOND),
    ],
)
def test_a2_the_version_that_came_into_force_last_is_current(now: datetime, expected: Version | None) -> None:
    assert current_version([SECOND, FIRST], now=now) == expected


def test_without_versions_none_is_current() -> None:
    assert current_version([], now=FIRST.effective_at) is None


@pytest.mark.parametrize(
    ("generation", "expected"),
    [("MM17", True), ("MM19", True), ("MM20", True), ("MM21", False), ("MM24", False), ("NX17", False), ("", False)],
)
def test_a2_generations_before_mm21_have_days_to_accept(generation: str, expected: bool) -> None:
    assert has_days_to_accept(generation) is expected


@pytest.mark.parametrize(
    ("created_on", "last_day"),
    [
        (date(2026, 3, 1), date(2026, 3, 15)),
        (date(2026, 3, 20), date(2026, 4, 3)),
        (date(2028, 2, 20), date(2028, 3, 5)),
        (date(2026, 12, 25), date(2027, 1, 8)),
    ],
)
def test_a2_the_fourteenth_day_after_the_creation_is_the_last(created_on: date, last_day: date) -> None:
    assert last_day_to_accept(created_on=created_on, days=14) == last_day


@pytest.mark.parametrize(("today", "left"), [(1, 14), (2, 13), (14, 1), (15, 0), (16, 0)])
def test_a2_the_banner_counts_the_days_after_today(today: int, left: int) -> None:
    assert days_left(last_day=date(2026, 3, 15), today=date(2026, 3, today)) == left


@pytest.mark.parametrize(
    ("current", "ever", "last_day", "expected"),
    [
        (True, True, None, TermsStanding.ACCEPTED),
        (True, True, date(2026, 3, 1), TermsStanding.ACCEPTED),
        # Everybody else is asked at once (C3).
        (False, False, None, TermsStanding.ASKED),
        # A newer version waits: asked, and nothing pauses.
        (False, True, date(2026, 3, 1), TermsStanding.ASKED),
        (False, False, date(2026, 3, 9), TermsStanding.COUNTING),
        # The last day is included.
        (False, False, date(2026, 3, 8), TermsStanding.COUNTING),
        (False, False, date(2026, 3, 7), TermsStanding.PAUSED),
    ],
)
def test_a2_how_an_account_stands(current: bool, ever: bool, last_day: date | None, expected: TermsStanding) -> None:
    standing = terms_standing(
        has_accepted_current=current, has_ever_accepted=ever, last_day=last_day, today=date(2026, 3, 8)
    )
    assert standing is expected


def test_a2_services_never_pause_for_an_account_that_has_accepted_or_was_never_counted() -> None:
    long_ago, today = date(2020, 1, 1), date(2026, 3, 8)
    assert is_paused(last_day=long_ago, has_ever_accepted=False, today=today)
    assert not is_paused(last_day=long_ago, has_ever_accepted=True, today=today)
    assert not is_paused(last_day=None, has_ever_accepted=False, today=today)
