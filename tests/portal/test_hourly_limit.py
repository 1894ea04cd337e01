"""Counting by the hour: what counts as one caller, and when the next turn comes."""

from datetime import UTC, datetime

import pytest

from portal.hourly_limit import network_of, seconds_left


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
