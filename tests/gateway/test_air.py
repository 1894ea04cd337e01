"""Calls in the air: so many at once and no more, answered in their order, each after its turn."""

from threading import Barrier, Lock, get_ident

import pytest

from subscriptions.gateway.air import Air


def test_so_many_calls_are_made_at_once():
    together = Barrier(4)
    with Air(4, room=4) as air:
        for number in range(4):
            # Each returns only once all four are under way.
            air.send(lambda number: (together.wait(timeout=20), number)[1], number)
        assert air.landed(at_least=4) == [0, 1, 2, 3]
    assert not air


def test_no_more_than_so_many_are_made_at_once():
    lock, under_way, most = Lock(), 0, 0

    def call():
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1

    with Air(3, room=50) as air:
        for _ in range(50):
            air.send(call)
        air.landed(at_least=50)
    assert most <= 3


def test_one_at_a_time_is_made_by_the_caller():
    with Air(1, room=1) as air:
        air.send(get_ident)
        assert not air.has_room
        assert air.landed(at_least=1) == [get_ident()]


@pytest.mark.parametrize("at_once", [1, 2])
def test_what_a_call_raises_is_raised_where_it_lands(at_once):
    with Air(at_once, room=2) as air:
        air.send(int, "seven")
        with pytest.raises(ValueError, match="seven"):
            air.landed(at_least=1)


def test_each_call_waits_for_its_turn():
    turns = []
    with Air(2, room=2, before_each=lambda: turns.append("turn")) as air:
        air.send(int)
        air.send(int)
        air.landed(at_least=2)
    assert turns == ["turn", "turn"]
