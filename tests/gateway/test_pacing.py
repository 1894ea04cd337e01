"""Turns that all processes share: so many a second, spread over it, and none without a cache."""

from collections import Counter
from unittest.mock import patch

import pytest
from django.core.cache import cache

from subscriptions.gateway.pacing import shared_turns


class Second:
    """A clock that goes on while somebody sleeps."""

    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds + 0.001


@pytest.mark.parametrize(("rate", "calls", "seconds"), [(20, 41, 2.0), (5, 6, 1.0), (0.5, 3, 4.0)])
def test_fault_11_no_more_turns_than_the_rate_allows(rate, calls, seconds):
    clock = Second()
    wait = shared_turns(rate, clock=clock, sleep=clock.sleep)
    for _ in range(calls):
        wait()
    assert clock.now - 1_000_000.0 == pytest.approx(seconds, abs=0.02)


def test_turns_are_spread_over_the_second():
    clock = Second()
    wait = shared_turns(20, clock=clock, sleep=clock.sleep)
    at = Counter()
    for _ in range(20):
        wait()
        at[round(clock.now - 1_000_000.0, 1)] += 1
    assert set(at.values()) == {4}


def test_two_processes_share_the_turns():
    clock = Second()
    one, other = (shared_turns(10, clock=clock, sleep=clock.sleep) for _ in range(2))
    for _ in range(10):
        one()
        other()
    assert clock.now - 1_000_000.0 == pytest.approx(1.8, abs=0.02)


def test_at_a_high_rate_a_process_asks_for_some_turns_at_once_and_never_uses_those_of_a_window_that_is_over():
    clock, asked = Second(), []
    taken = cache.incr

    def incr(key, by):
        asked.append(by)
        return taken(key, by)

    with patch.object(cache, "incr", incr):
        wait = shared_turns(500, clock=clock, sleep=clock.sleep)
        for _ in range(7):
            wait()
        # A window has a hundred, and a portion is five; the first who asks finds nobody counting.
        assert asked == [5, 5, 5]
        clock.now += 0.3
        wait()
        assert asked[3:] == [5, 5]


def test_without_a_cache_nobody_waits(monkeypatch, caplog):
    def broken(*arguments, **keywords):
        raise ConnectionError("no cache")

    monkeypatch.setattr(cache, "incr", broken)
    clock = Second()
    wait = shared_turns(1, clock=clock, sleep=clock.sleep)
    for _ in range(5):
        wait()
    assert clock.now == 1_000_000.0
    assert "does not count" in caplog.text
