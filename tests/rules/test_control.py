"""How control changes hands, and for how long somebody drives: the rules alone (V4, G12)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from garage.rules import control, drivers
from garage.rules.control import OPEN, IllegalMove, State, Way

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("state", sorted(set(State) - OPEN))
def test_V4_what_is_over_moves_no_more(way, state):
    for new in State:
        with pytest.raises(IllegalMove):
            control.check_move(way, state, new)


@pytest.mark.parametrize(
    ("way", "state", "new"),
    [
        (Way.OFFER, State.WAITING, State.OBJECTED),
        (Way.OFFER, State.TO_CONFIRM, State.WAITING),
        (Way.REQUEST, State.WAITING, State.EXPIRED),
        (Way.REQUEST, State.WAITING, State.TO_CONFIRM),
        (Way.REQUEST, State.OBJECTED, State.EXPIRED),
    ],
)
def test_V4_a_request_does_not_expire_and_an_offer_is_not_objected_to(way, state, new):
    with pytest.raises(IllegalMove, match=f"{way}: {state} -> {new}"):
        control.check_move(way, state, new)


def test_V4_the_moves_that_there_are():
    control.check_move(Way.OFFER, State.WAITING, State.TO_CONFIRM)
    control.check_move(Way.OFFER, State.TO_CONFIRM, State.MOVED)
    control.check_move(Way.REQUEST, State.WAITING, State.OBJECTED)
    control.check_move(Way.REQUEST, State.OBJECTED, State.MOVED)


def test_V4_the_days_are_counted_from_the_moment():
    due = control.due_at(begun_at=NOW, days=3)
    assert due == NOW + 3 * DAY
    assert not control.is_over(due_at=due, now=due - timedelta(microseconds=1))
    assert control.is_over(due_at=due, now=due)


@pytest.mark.parametrize(("before", "told"), [(25 * HOUR, False), (24 * HOUR, True), (HOUR, True), (0 * HOUR, False)])
def test_V4_told_a_day_before_late_rather_than_never(before, told):
    assert control.is_to_warn(due_at=NOW, now=NOW - before) is told


@pytest.mark.parametrize("runs_paid", [True, False])
def test_V4_only_what_is_paid_for_makes_a_request_wait(runs_paid):
    assert control.moves_at_once(runs_paid=runs_paid) is not runs_paid


def test_G12_an_invitation_is_good_for_seven_days():
    assert drivers.may_still_accept(invited_at=NOW, now=NOW + 7 * DAY - timedelta(microseconds=1))
    assert not drivers.may_still_accept(invited_at=NOW, now=NOW + 7 * DAY)


@pytest.mark.parametrize(("count", "fits"), [(0, True), (9, True), (10, False)])
def test_G12_ten_drivers_of_a_car(count, fits):
    assert drivers.has_room(count) is fits


@pytest.mark.parametrize(("sent", "to", "may"), [(0, 0, True), (9, 2, True), (10, 0, False), (0, 3, False)])
def test_G12_so_many_invitations_a_day(sent, to, may):
    assert drivers.may_invite(from_account=sent, to_address=to) is may


@pytest.mark.parametrize(
    ("last_on", "ends"),
    [
        (None, None),
        (date(2026, 6, 12), datetime(2026, 6, 12, 21, 0, tzinfo=UTC)),
        # The day on which clocks go back has 25 hours.
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, 0, tzinfo=UTC)),
    ],
)
def test_G12_the_last_day_ends_at_midnight_by_the_markets_clock(last_on, ends):
    assert drivers.ends_at(last_on, ZoneInfo("Asia/Nicosia")) == ends


@pytest.mark.parametrize(
    ("from_account", "to_address", "may"), [(4, 2, True), (5, 0, False), (0, 3, False), (0, 0, True)]
)
def test_V4_offers_are_counted_by_account_and_by_address(from_account, to_address, may):
    assert control.may_offer(from_account=from_account, to_address=to_address) is may
