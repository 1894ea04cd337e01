"""Finding a dealer: by name, town or postcode, the nearest first where it is known from where (A4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Dealer, Town
from accounts.opening_hours import open_sentence
from accounts.rules.distance import Frame, Point, distance_km, on_map
from accounts.rules.hours import open_until, read_timetable
from accounts.rules.searching import is_postcode, search_words
from portal.models import Market

# As many as the page lists; more say nothing that a narrower search would not say better.
MOST_SHOWN = 20
MAP = Frame(width=360, height=260, margin=36)


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
    origin = _origin(towns, typed=typed, near=near)
    matching = _matching(dealers, typed=typed, says_where=origin is not None)
    is_nearest_instead = origin is not None and not matching
    chosen = dealers if is_nearest_instead else matching
    if origin is not None:
        chosen = sorted(chosen, key=lambda dealer: distance_km(origin.point, dealer.point))
    shown = chosen[:MOST_SHOWN]
    places = on_map([*(dealer.point for dealer in shown), *(town.point for town in towns)], MAP)
    return Search(
        found=_found(shown, places, origin=origin.point if origin else None, here=now.astimezone(market.zone)),
        left_out=len(chosen) - len(shown),
        origin=origin,
        is_nearest_instead=is_nearest_instead,
        landmarks=[
            Landmark(town=town, is_origin=town == origin, x=x, y=y)
            for town, (x, y) in zip(towns, places[len(shown) :], strict=True)
        ],
    )


def _origin(towns: Sequence[Town], *, typed: str, near: str) -> Town | None:
    """The town that was chosen, or the one that was typed by name or by postcode."""
    if near:
        return next((town for town in towns if town.code == near), None)
    if is_postcode(typed):
        digits = "".join(search_words(typed))
        beginnings = [(len(each), town) for town in towns for each in town.postcodes if digits.startswith(each)]
        return max(beginnings, key=lambda beginning: beginning[0], default=(0, None))[1]
    words = search_words(typed)
    return next((town for town in towns if words and set(words) <= set(town.search_text.split())), None)


def _matching(dealers: Sequence[Dealer], *, typed: str, says_where: bool) -> list[Dealer]:
    """Those in which every word begins a word; a postcode that says where finds all, for the nearest to come first."""
    if says_where and is_postcode(typed):
        return list(dealers)
    return [dealer for dealer in dealers if _has_all(dealer.search_text.split(), search_words(typed))]


def _has_all(parts: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(part.startswith(word) for part in parts) for word in words)


def _found(
    shown: Sequence[Dealer], places: Sequence[tuple[float, float]], *, origin: Point | None, here: datetime
) -> list[Found]:
    found = []
    for number, (dealer, (x, y)) in enumerate(zip(shown, places, strict=False), start=1):
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
