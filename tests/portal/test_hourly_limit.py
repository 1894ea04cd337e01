"""Counting by the hour: what counts as one caller, and when the next turn comes."""

import re
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from portal.hourly_limit import network_of, seconds_left, take_turn


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("no address", "no address"),
    ],
)
def test_a_line_with_many_addresses_of_ipv6_counts_once(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(("minute", "second", "left"), [(0, 0, 3600), (59, 59, 1), (30, 0, 1800)])
def test_the_next_turn_comes_with_the_next_hour(minute, second, left):
    assert seconds_left(datetime(2026, 6, 10, 9, minute, second, tzinfo=UTC)) == left


def test_what_was_typed_is_in_no_key_of_the_cache(monkeypatch):
    """ASVS 1.3.9: it may hold a line end, which is the next command, or somebody's address."""
    keys: list[str] = []
    monkeypatch.setattr(cache, "incr", lambda key: keys.append(key) or 1)
    assert take_turn("look-up", "owner@example.com\r\nflush_all", most=1, now=datetime(2026, 6, 10, tzinfo=UTC))
    assert re.fullmatch(r"turns:look-up:[0-9a-f]{64}:\d+", keys[0])
