"""An accountant's invitation: seven days, ten at a time; and copies: three places, seven days (I5)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.copies import free_slot, may_still_confirm
from subscriptions.rules.accountants import MOST, has_room, may_still_accept

AT = datetime(2026, 6, 10, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("later", "is_good"), [(timedelta(), True), (WEEK - timedelta(seconds=1), True), (WEEK, False)]
)
def test_I5_a_link_is_good_for_seven_days(later, is_good):
    assert may_still_accept(invited_at=AT, now=AT + later) is is_good
    assert may_still_confirm(asked_at=AT, now=AT + later) is is_good


def test_ten_accountants_at_a_time():
    assert has_room(MOST - 1)
    assert not has_room(MOST)


@pytest.mark.parametrize(("taken", "slot"), [(set(), 1), ({1}, 2), ({2, 3}, 1), ({1, 2, 3}, None)])
def test_I5_the_first_of_three_places_that_is_free(taken, slot):
    assert free_slot(taken) == slot
