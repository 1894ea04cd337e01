"""The end of free years whose car was known wrongly (C4, K3)."""

from datetime import date

import pytest

from subscriptions.rules.free_end_moved import corrected_end

OLD, TODAY = date(2026, 9, 15), date(2026, 6, 10)


@pytest.mark.parametrize(
    ("ends_on", "by_old", "by_new", "end"),
    [
        (OLD, OLD, OLD, OLD),
        (OLD, OLD, date(2027, 9, 15), date(2027, 9, 15)),
        # Ten days of goodwill stay on top.
        (date(2026, 9, 25), OLD, date(2027, 9, 15), date(2027, 9, 25)),
        (OLD, OLD, date(2026, 8, 15), date(2026, 8, 15)),
        # C5's thirty days of warning, whatever the facts say.
        (OLD, OLD, date(2025, 9, 15), date(2026, 7, 10)),
        (OLD, OLD, None, date(2026, 7, 10)),
        # Its own end comes before these thirty days.
        (date(2026, 6, 20), date(2026, 6, 20), None, date(2026, 6, 20)),
        (OLD, None, date(2027, 1, 1), date(2027, 1, 1)),
        (OLD, None, None, OLD),
    ],
)
def test_C4_the_end_follows_the_facts(ends_on, by_old, by_new, end):
    assert corrected_end(ends_on=ends_on, by_old_facts=by_old, by_new_facts=by_new, today=TODAY) == end
