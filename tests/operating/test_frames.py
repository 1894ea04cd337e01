"""A request's frames have room, however deep it is called."""

import resource

import pytest

from portal.operating.frames import with_room

CALLS, DEEPEST = 200, 400


def many_calls() -> int:
    return sum(map(a_call, range(CALLS)))


def a_call(number: int) -> int:
    return number + 1


def most_fetched(call) -> int:
    """At any depth: how often memory was fetched for those calls (minor page faults)."""

    def at(depth: int) -> int:
        if depth:
            return at(depth - 1)
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        call()
        return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before

    return max(min(at(depth) for _ in range(3)) for depth in range(DEEPEST))


def test_no_depth_has_memory_fetched_for_each_call():
    assert most_fetched(with_room(many_calls)) < CALLS / 4


def test_what_is_called_is_given_all_and_answers_as_before():
    def refuse(*given, **named):
        raise LookupError(given, named)

    assert with_room(lambda *given, **named: (given, named))(1, b=2) == ((1,), {"b": 2})
    with pytest.raises(LookupError) as refused:
        with_room(refuse)(1, b=2)
    assert refused.value.args == ((1,), {"b": 2})
