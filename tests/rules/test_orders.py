import pytest

from garage.rules.orders import ENDS, WAY, Stage, may_follow, to_come


def test_G4_an_order_goes_forward_and_may_leave_stages_out():
    assert may_follow(Stage.ORDERED, Stage.SHIPPED)
    assert may_follow(Stage.AT_DEALER, Stage.DELIVERED)
    assert not may_follow(Stage.SHIPPED, Stage.BUILT)
    assert not may_follow(Stage.SHIPPED, Stage.SHIPPED)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_G4_after_an_end_nothing_comes(end):
    assert not any(may_follow(end, stage) for stage in Stage)
    assert to_come(end) == ()


def test_G4_an_order_may_be_cancelled_until_its_end():
    assert all(may_follow(stage, Stage.CANCELLED) for stage in WAY[:-1])


def test_what_is_to_come_ends_with_delivery():
    assert to_come(Stage.SHIPPED) == (Stage.ARRIVED, Stage.AT_DEALER, Stage.DELIVERED)
