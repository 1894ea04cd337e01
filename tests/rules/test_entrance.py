"""What the frame goes by, as it was when the request began."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.entrance import AtEntrance, published

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
OLD, NEW, COMING = NOW - timedelta(days=400), NOW, NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moments", "accepted", "expected"),
    [
        ([], [], True),
        ([COMING], [], True),
        ([OLD], [], False),
        ([OLD], [OLD], True),
        ([NEW, OLD], [OLD], False),
        ([OLD, NEW, COMING], [OLD, NEW], True),
    ],
)
def test_A2_it_is_the_version_in_force_that_counts(moments, accepted, expected):
    known = AtEntrance(terms=published(moments, accepted), has_ever_accepted=bool(accepted), unread_notices=0)
    assert known.has_accepted_current_terms(NOW) is expected
