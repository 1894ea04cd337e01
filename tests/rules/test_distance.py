"""A4: distances as the crow flies, and a map true in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.distance import Frame, distance_km, on_map, side_by_side

NICOSIA, LIMASSOL, PAPHOS = (35.1753, 33.3642), (34.6786, 33.0413), (34.7720, 32.4297)
FRAME = Frame(width=360, height=260, margin=36)
POINTS = st.tuples(st.floats(-85, 85), st.floats(-179, 179))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    # By the great circle: a degree of the equator is 111.2 km.
    [((0, 0), (0, 1), 111.2), ((0, 0), (1, 0), 111.2), (NICOSIA, LIMASSOL, 62.5), (NICOSIA, PAPHOS, 96.2)],
)
def test_a4_distances_are_those_of_the_globe(one: tuple, other: tuple, km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, abs=0.1)


@given(POINTS, POINTS)
def test_there_and_back_is_the_same_way(one: tuple, other: tuple) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one), abs=1e-6)
    assert distance_km(one, one) == 0
    assert distance_km(one, other) <= 20_016


@given(st.lists(POINTS, max_size=12))
def test_everything_on_the_map_is_within_its_margin(points: list) -> None:
    for x, y in on_map(points, FRAME):
        assert FRAME.margin - 0.1 <= x <= FRAME.width - FRAME.margin + 0.1
        assert FRAME.margin - 0.1 <= y <= FRAME.height - FRAME.margin + 0.1


def test_the_north_is_above_and_the_east_on_the_right() -> None:
    nicosia, limassol, paphos = on_map([NICOSIA, LIMASSOL, PAPHOS], FRAME)
    assert nicosia[1] < limassol[1]
    assert paphos[0] < limassol[0] < nicosia[0]


def test_one_place_alone_stands_in_the_middle() -> None:
    assert on_map([NICOSIA], FRAME) == [(180.0, 130.0)]
    assert on_map([], FRAME) == []


@given(st.lists(st.tuples(st.floats(36, 324), st.floats(36, 224)), max_size=20))
def test_no_two_dots_overlap(places: list) -> None:
    moved = side_by_side(places, FRAME, least=21)
    for number, (x, y) in enumerate(moved):
        assert 0 <= x <= FRAME.width
        for other_x, other_y in moved[:number]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 >= 20.8


def test_dots_that_are_far_apart_stay_where_they_are() -> None:
    assert side_by_side([(100, 100), (200, 100), (100, 100)], FRAME, least=21) == [(100, 100), (200, 100), (121, 100)]
