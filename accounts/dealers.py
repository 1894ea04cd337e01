"""Finding a dealer: by name, town or postcode, the nearest first where it is known from where (A4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Dealer, Town
from accounts.opening_hours import open_sentence
from accounts.rules.distance import Frame, Point, distance_km, on_map, side_by_side
from accounts.rules.hours import open_until, read_timetable
from accounts.rules.searching import is_postcode, search_words
from portal.models import Market

# As many as the page lists; more say nothing that a narrower search would not say better.
MOST_SHOWN = 20
MAP = Frame(width=360, height=260, margin=36)
# Two dots of the map stand at least so far apart.
DOT = 21.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """A dealer of the list; `number` stands beside it and on the map."""

    number: int
    dealer: Dealer
    # As the crow flies from where was asked for; None where nothing was.
    km: float | None
    is_open: bool
    open_sentence: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Landmark:
    """A town's name on the map."""

    town: Town
    is_origin: bool
    x: float
    y: float

    @property
    def edge(self) -> str:
        """Near the left or the right edge the name goes inwards."""
        if self.x < MAP.width / 5:
            return "start"
        return "end" if self.x > MAP.width * 4 / 5 else ""


@dataclass(frozen=True, kw_only=True)
class Search:
    found: list[Found]
    # Those that the list leaves out.
    left_out: int
    origin: Town | None
    # Nothing matched, so those nearest to the town that was named are shown instead.
    is_nearest_instead: bool
    landmarks: list[Landmark]


def towns_of(market: Market) -> list[Town]:
    return sorted(Town.objects.filter(market=market), key=lambda town: town.name)


def dealers_of(market: Market) -> list[Dealer]:
    dealers = Dealer.objects.filter(market=market, is_active=True).select_related("town")
    return sorted(dealers, key=lambda dealer: (dealer.town.name, dealer.name))


def search(market: Market, *, towns: Sequence[Town], typed: str, near: str, now: datetime) -> Search:
    """`near` is a town's code, or empty. One query, however many dealers there are."""
    dealers = dealers_of(market)
    named = None if near else _town_named(towns, typed)
    origin = named or next((town for town in towns if town.code == near), None)
    matching = _matching(dealers, typed=typed, says_where=named is not None)
    is_nearest_instead = named is not None and not matching
    chosen = _nearest_first(dealers if is_nearest_instead else matching, origin)
    shown = chosen[:MOST_SHOWN]
    places = on_map([*(dealer.point for dealer in shown), *(town.point for town in towns)], MAP)
    dots, landmarks = side_by_side(places[: len(shown)], MAP, least=DOT), places[len(shown) :]
    return Search(
        found=_found(shown, dots, origin=origin.point if origin else None, here=now.astimezone(market.zone)),
        left_out=len(chosen) - len(shown),
        origin=origin,
        is_nearest_instead=is_nearest_instead,
        landmarks=[
            Landmark(town=town, is_origin=town == origin, x=x, y=y)
            for town, (x, y) in zip(towns, landmarks, strict=True)
        ],
    )


def _town_named(towns: Sequence[Town], typed: str) -> Town | None:
    """The town that was typed, by its name or by a postcode around it."""
    words = search_words(typed)
    if is_postcode(typed):
        digits = "".join(words)
        beginnings = [(len(each), town) for town in towns for each in town.postcodes if digits.startswith(each)]
        return max(beginnings, key=lambda beginning: beginning[0], default=(0, None))[1]
    return next((town for town in towns if words and set(words) <= set(town.search_text.split())), None)


def _matching(dealers: Sequence[Dealer], *, typed: str, says_where: bool) -> list[Dealer]:
    """Those in which every word begins a word; a postcode that says where finds all, for the nearest to come first."""
    if says_where and is_postcode(typed):
        return list(dealers)
    return [dealer for dealer in dealers if _has_all(dealer.search_text.split(), search_words(typed))]


def _nearest_first(dealers: Sequence[Dealer], origin: Town | None) -> list[Dealer]:
    if origin is None:
        return list(dealers)
    return sorted(dealers, key=lambda dealer: distance_km(origin.point, dealer.point))


def _has_all(parts: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(part.startswith(word) for part in parts) for word in words)


def _found(
    shown: Sequence[Dealer], places: Sequence[tuple[float, float]], *, origin: Point | None, here: datetime
) -> list[Found]:
    found = []
    for number, (dealer, (x, y)) in enumerate(zip(shown, places, strict=True), start=1):
        timetable = read_timetable(dealer.hours)
        found.append(
            Found(
                number=number,
                dealer=dealer,
                km=distance_km(origin, dealer.point) if origin else None,
                is_open=open_until(here, timetable) is not None,
                open_sentence=open_sentence(here, timetable),
                x=x,
                y=y,
            )
        )
    return found
