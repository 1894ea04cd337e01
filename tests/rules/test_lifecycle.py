"""The states and their moves, as one table."""

import pytest

from subscriptions.rules.lifecycle import (
    CHARGEABLE,
    CONCLUDED,
    IN_SERVICE,
    LIVE,
    MOVES,
    DisputeState,
    IllegalMove,
    Status,
    check_dispute_move,
    check_move,
)

ALLOWED = {
    ("scheduled", "trial"),
    ("scheduled", "paid"),
    ("scheduled", "ended"),
    ("pending", "paid"),
    ("pending", "abandoned"),
    ("complimentary", "ended"),
    ("trial", "paid"),
    ("trial", "past_due"),
    ("trial", "ended"),
    ("paid", "past_due"),
    ("paid", "ended"),
    ("past_due", "paid"),
    ("past_due", "ended"),
}
PAIRS = [(old, new) for old in Status for new in Status if old != new]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_only_the_moves_of_the_table_are_allowed(old, new):
    if (old, new) in ALLOWED:
        check_move(old, new)
        return
    with pytest.raises(IllegalMove, match=f"{old} -> {new}"):
        check_move(old, new)


@pytest.mark.parametrize("status", sorted(LIVE))
def test_a_live_state_may_stay(status):
    check_move(status, status)


@pytest.mark.parametrize("status", [Status.ENDED, Status.ABANDONED])
def test_what_is_over_stays_over(status):
    assert not MOVES[status]
    with pytest.raises(IllegalMove, match="final"):
        check_move(status, status)


def test_what_is_charged_is_in_service_and_what_is_in_service_is_live():
    assert CHARGEABLE < IN_SERVICE < CONCLUDED < LIVE
    assert LIVE.isdisjoint({Status.ENDED, Status.ABANDONED})


@pytest.mark.parametrize("decided", [DisputeState.WON, DisputeState.LOST])
def test_P10_what_a_bank_has_decided_stands(decided):
    check_dispute_move(DisputeState.OPENED, decided)
    for other in DisputeState:
        with pytest.raises(IllegalMove):
            check_dispute_move(decided, other)
