"""How far two places are apart as the crow flies, and where they stand on a small map (A4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, hypot, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0

# Latitude and longitude in degrees.
Point = tuple[float, float]


def distance_km(one: Point, other: Point) -> float:
    """By the haversine formula, on a sphere: within half a percent, which is less than any road adds."""
    (lat_1, lon_1), (lat_2, lon_2) = ((radians(p[0]), radians(p[1])) for p in (one, other))
    half = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A drawing's size and its empty margin, in its own units."""

    width: float
    height: float
    margin: float


def on_map(points: Sequence[Point], frame: Frame) -> list[tuple[float, float]]:
    """x and y of each, the north above, all of them within the margin, true in proportion.

    A degree of longitude is as much shorter than one of latitude as the middle of the map lies north. One place alone,
    or several at the same spot, stand in the middle.
    """
    if not points:
        return []
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = min(lon for _, lon in points), max(lon for _, lon in points)
    shrink = cos(radians((south + north) / 2))
    room_x, room_y = frame.width - 2 * frame.margin, frame.height - 2 * frame.margin
    wide, high = (east - west) * shrink, north - south
    scale = min(room_x / wide if wide else float("inf"), room_y / high if high else float("inf"))
    scale = scale if scale != float("inf") else 0.0
    left, top = (frame.width - wide * scale) / 2, (frame.height - high * scale) / 2
    return [
        (round(left + (lon - west) * shrink * scale, 1), round(top + (north - lat) * scale, 1)) for lat, lon in points
    ]


def side_by_side(places: Sequence[tuple[float, float]], frame: Frame, *, least: float) -> list[tuple[float, float]]:
    """The same, so far moved to the right that no two overlap; at the edge a row further down, from the left."""
    free: list[tuple[float, float]] = []
    for x, y in places:
        while any(hypot(x - other_x, y - other_y) < least for other_x, other_y in free):
            x += least / 2
            if x > frame.width - least / 2:
                x, y = least / 2, y + least
        free.append((round(x, 1), round(y, 1)))
    return free
