"""Pages that are the same for every visitor: a proxy may keep them, and a browser asks only whether they changed.

What a signed-in customer gets has their own frame around it and stays in nobody's cache. A proxy keeps what was asked
without any cookie, so that neither a session nor a message for one person can get into a shared copy. The portal keeps
such copies itself, for a minute at most and never longer than a proxy may: it is many that read the same page.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, get_max_age, patch_cache_control
from django.views.decorators.http import conditional_page
from django.views.decorators.vary import vary_on_cookie

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
# Seconds: prices and the registry change by the day, and a change should be seen soon.
MAX_AGE = 300


class Copies(NamedTuple):
    """In which cache, and by which key."""

    where: str
    key: str


def public_page(view: View) -> View:
    """A view that has set its own Cache-Control keeps it; what is no 200 is never kept."""
    return _public(view, _copies_of_pages)


def public_answer(view: View) -> View:
    """The same for a page that is asked a question: there is no end of questions, so the copies of the last ones lie in
    the memory of each process."""
    return _public(view, _copies_of_answers)


def _public(view: View, copies_of: Callable[[HttpRequest], Copies | None]) -> View:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        copies = copies_of(request)
        kept = _kept(copies)
        if kept:
            return kept
        response = view(request, *args, **kwargs)
        if request.COOKIES or response.status_code != HTTPStatus.OK:
            add_never_cache_headers(response)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        _keep(copies, response)
        return response

    return conditional_page(vary_on_cookie(shown))


def _copies_of_pages(request: HttpRequest) -> Copies | None:
    """None where no copy answers: for whoever has a cookie, and for questions."""
    if request.META.get("QUERY_STRING") or "HX-Request" in request.headers:
        return None
    return _copies("default", request, request.path)


def _copies_of_answers(request: HttpRequest) -> Copies | None:
    """A question may be asked for the part of the page alone."""
    return _copies("answers", request, f"{request.get_full_path()} {request.headers.get('HX-Request', '')}")


def _copies(where: str, request: HttpRequest, asked: str) -> Copies | None:
    if not settings.PUBLIC_COPY_SECONDS or request.method != "GET" or request.COOKIES:
        return None
    return Copies(where, "public-copy:" + sha256(f"{request.get_host()} {asked}".encode()).hexdigest())


def _kept(copies: Copies | None) -> HttpResponse | None:
    """The copy with its age, by which everybody behind the portal keeps it for so much less."""
    found = _tried(caches[copies.where].get, copies.key) if copies else None
    if found is None:
        return None
    made_at, content, headers = found
    response = HttpResponse(content)
    for name, value in headers.items():
        response[name] = value
    response["Age"] = str(max(0, int(time.time() - made_at)))
    return response


def _keep(copies: Copies | None, response: HttpResponse) -> None:
    seconds = min(settings.PUBLIC_COPY_SECONDS, get_max_age(response) or 0)
    if copies and seconds and "public" in response["Cache-Control"]:
        copy = (time.time(), response.content, dict(response.items()))
        _tried(caches[copies.where].set, copies.key, copy, seconds)


def _tried(ask: Callable[..., Any], *words: Any) -> Any:
    """Without a cache the page is made, as for the first one who asks."""
    try:
        return ask(*words)
    except Exception:
        logger.warning("no copies of public pages: the cache does not answer", exc_info=True)
        return None
