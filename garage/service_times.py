"""When a connected service ran: the garage asks, the app that activates services answers (`AppConfig.ready()`)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from garage.rules.trips import Span

# An account and a car, by their numbers.
Pair = tuple[int, int]
Times = Mapping[Pair, list[Span]]
Source = Callable[[str, Collection[Pair], datetime], Times]

_SOURCES: list[Source] = []


def register(source: Source) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def times_of(service: str, pairs: Collection[Pair], *, now: datetime) -> dict[Pair, list[Span]]:
    """Of each pair, all times in which the service with this code ran; empty where it never did, or pauses now."""
    times: dict[Pair, list[Span]] = {pair: [] for pair in pairs}
    for source in _SOURCES:
        for pair, spans in source(service, pairs, now).items():
            times[pair].extend(spans)
    return times
