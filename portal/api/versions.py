"""Which version answers, and what will go: said by headers, long before anything goes (docs/api.md, Versions).

`/api/v1/` only gains: what would break a client becomes `/api/v2/`. A call that has a successor says so with
`Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a `Link` to what to do instead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.http import http_date

HEADER = "API-Version"
# Apps and cars are updated slowly.
SHORTEST_NOTICE = timedelta(days=365)

View = TypeVar("View", bound=type)


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    since: datetime
    sunset: datetime
    link: str


def deprecated(*, since: datetime, sunset: datetime, link: str) -> Callable[[View], View]:
    """Of a whole view. `link` is the page that says what to call instead; between the moments lies a year at least."""
    if sunset - since < SHORTEST_NOTICE:
        raise ValueError("a call is told a year before it goes")

    def marked(view: View) -> View:
        view.deprecation = Deprecation(since=since, sunset=sunset, link=link)  # type: ignore[attr-defined]
        return view

    return marked


def tell(answer: HttpResponseBase, view: Any) -> None:
    answer[HEADER] = str(settings.SPECTACULAR_SETTINGS["VERSION"])
    told: Deprecation | None = getattr(view, "deprecation", None)
    if told is None:
        return
    answer["Deprecation"] = f"@{int(told.since.astimezone(UTC).timestamp())}"
    answer["Sunset"] = http_date(told.sunset.timestamp())
    answer["Link"] = f'<{told.link}>; rel="deprecation"; type="text/html"'
