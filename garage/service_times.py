"""When a connected service ran or was worked on: the garage asks, the app above answers (`AppConfig.ready()`)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from garage.rules.trips import Span
from portal.models import Market

# An account and a car, by their numbers.
Pair = tuple[int, int]
Times = Mapping[Pair, list[Span]]
Source = Callable[[str, Collection[Pair], datetime], Times]

# Whether an incident or maintenance of the service is written down for the market, at some time of the span.
Disturbed = Callable[[str, Market, Span], bool]

_SOURCES: list[Source] = []
_DISTURBED: list[Disturbed] = []


def register(source: Source, *, disturbed: Disturbed) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)
        _DISTURBED.append(disturbed)


def was_disturbed(service: str, market: Market, span: Span) -> bool:
    return any(disturbed(service, market, span) for disturbed in _DISTURBED)


def times_of(service: str, pairs: Collection[Pair], *, now: datetime) -> dict[Pair, list[Span]]:
    """Of each pair, all times in which the service with this code ran; empty where it never did, or pauses now."""
    times: dict[Pair, list[Span]] = {pair: [] for pair in pairs}
    for source in _SOURCES:
        for pair, spans in source(service, pairs, now).items():
            times[pair].extend(spans)
    return times
