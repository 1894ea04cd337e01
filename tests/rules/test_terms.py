from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.terms import current_version


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
