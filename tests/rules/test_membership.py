from itertools import pairwise

import pytest

from garage.rules.membership import RIGHTS, Right, Standing, has_room, may, standing


@pytest.mark.parametrize(("held", "answer"), [(0, True), (9, True), (10, False), (11, False)])
def test_g1_a_garage_holds_ten_cars(held, answer):
    assert has_room(held) is answer


@pytest.mark.parametrize(
    ("is_verified", "is_active", "expected"),
    [(False, False, Standing.NOT_VERIFIED), (True, False, Standing.VERIFIED), (True, True, Standing.ACTIVE)],
)
def test_g11_a_link_is_not_verified_verified_or_active(is_verified, is_active, expected):
    assert standing(is_verified=is_verified, is_active=is_active) == expected


def test_g11_without_proof_only_capabilities_are_seen():
    assert [right for right in Right if may(Standing.NOT_VERIFIED, right)] == [Right.CAPABILITIES]


def test_g11_each_standing_sees_what_the_one_before_sees_and_only_the_active_account_controls():
    in_order = [RIGHTS[each] for each in Standing]
    assert all(less < more for less, more in pairwise(in_order))
    assert RIGHTS[Standing.ACTIVE] == set(Right)
    assert not may(Standing.VERIFIED, Right.CONTROL)
