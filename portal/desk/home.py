"""The home page of the desk (K4): what waits, for whoever may do it, and the figures of the day. Apps register theirs.

Each source is one query by an index, so that the page costs the same with a thousand customers or a million.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise

from portal.models import AuditRecord

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A kind of work: how much of it there is, since when, how much is the reader's own and how much nobody's."""

    title: Words
    count: int
    oldest_at: datetime | None
    url: str
    mine: int | None = None
    nobodys: int | None = None

    def days(self, now: datetime) -> int | None:
        return (now - self.oldest_at).days if self.oldest_at else None


Source = Callable[[Any, datetime], Iterable[Waiting]]
# With the permission without which it is not shown.
SOURCES: list[tuple[str, Source]] = []
# Kinds of audit records that are counted, with the permission that their figure needs.
FIGURES: dict[str, tuple[str, Words]] = {}


def waits(needs: str) -> Callable[[Source], Source]:
    """Registers a function of member of staff and moment."""

    def registered(source: Source) -> Source:
        SOURCES.append((needs, source))
        return source

    return registered


def figure(what: str, title: Words, *, needs: str) -> None:
    FIGURES[what] = (needs, title)


def waiting_for(user: Any, *, now: datetime) -> list[Waiting]:
    """What there is, oldest first."""
    found = [row for needs, source in SOURCES if user.has_perm(needs) for row in source(user, now) if row.count]
    return sorted(found, key=lambda row: row.oldest_at or now)


def figures_for(user: Any, *, now: datetime) -> list[tuple[Words, int]]:
    """Of today by the clock that the desk shows, in one query; a figure of nought is one too."""
    seen = {what: title for what, (needs, title) in FIGURES.items() if user.has_perm(needs)}
    if not seen:
        return []
    today = timezone.localtime(now)
    since = datetime.combine(today.date(), time.min, tzinfo=today.tzinfo)
    counted = AuditRecord.objects.filter(at__gte=since, what__in=seen).values_list("what").annotate(Count("pk"))
    counts = dict(counted.order_by())
    return [(title, counts.get(what, 0)) for what, title in seen.items()]
