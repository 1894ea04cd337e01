"""T2: the score of a trip, and that of a period."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.scoring import Weighed, pull, shown, total, trip_score, weighed

SCORES = st.decimals(0, 100, places=2)
TRIPS = st.lists(st.tuples(st.integers(0, 500_000), SCORES), max_size=20)


@pytest.mark.parametrize(
    ("parts", "score"),
    [
        (("80", "70", "90"), "80.00"),
        (("80", "71", None), "75.50"),
        (("80", "80", "81"), "80.33"),
        (("80", "81", "81"), "80.67"),
        (("80.01", "80.02", None), "80.02"),
        (("0", "0", "0"), "0.00"),
    ],
)
def test_T2_a_trips_score_is_the_mean_of_those_that_it_has(parts, score):
    assert trip_score(*(part and Decimal(part) for part in parts)) == Decimal(score)


def test_T2_distance_weighs():
    week = total([weighed(30_000, Decimal(90)), weighed(10_000, Decimal(50))])
    assert week.score == Decimal(80)
    assert total([]).score is None
    assert weighed(0, Decimal(50)).score is None


def test_a_trip_without_the_score_weighs_nothing():
    assert total([weighed(30_000, None), weighed(10_000, Decimal(50))]).score == Decimal(50)


@given(TRIPS, st.randoms())
def test_a_period_is_the_same_in_whatever_order_its_trips_came(trips, chance):
    shuffled = list(trips)
    chance.shuffle(shuffled)
    assert total(weighed(*trip) for trip in trips) == total(weighed(*trip) for trip in shuffled)


@given(TRIPS)
def test_a_period_lies_between_its_trips(trips):
    whole = total(weighed(*trip) for trip in trips)
    driven = [score for metres, score in trips if metres]
    if not driven:
        assert whole.score is None
        return
    exact = Fraction(whole.product) / whole.distance_m
    assert Fraction(min(driven)) <= exact <= Fraction(max(driven))


def test_what_raised_and_what_lowered():
    good, bad = weighed(30_000, Decimal(90)), weighed(10_000, Decimal(50))
    whole = good + bad
    assert (pull(good, whole), pull(bad, whole)) == (Decimal(30), Decimal(-10))
    assert pull(whole, whole) is None
    assert pull(Weighed(), Weighed()) is None


@pytest.mark.parametrize(("score", "said"), [("79.5", 80), ("79.49", 79), ("0", 0), (None, None)])
def test_pages_say_whole_numbers(score, said):
    assert shown(score and Decimal(score)) == said
