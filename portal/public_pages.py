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
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, get_max_age, patch_cache_control
from django.views.decorators.http import conditional_page
from django.views.decorators.vary import vary_on_cookie

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
# Seconds: prices and the registry change by the day, and a change should be seen soon.
MAX_AGE = 300


def public_page(view: View) -> View:
    """A view that has set its own Cache-Control keeps it; what is no 200 is never kept."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        kept = _kept(key)
        if kept:
            return kept
        response = view(request, *args, **kwargs)
        if request.COOKIES or response.status_code != HTTPStatus.OK:
            add_never_cache_headers(response)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        _keep(key, response)
        return response

    return conditional_page(vary_on_cookie(shown))


def _key(request: HttpRequest) -> str:
    """Empty where no copy answers: for whoever has a cookie, and for questions, of which there is no end."""
    is_plain = request.method == "GET" and not request.COOKIES and not request.META.get("QUERY_STRING")
    if not settings.PUBLIC_COPY_SECONDS or not is_plain or "HX-Request" in request.headers:
        return ""
    return "public-copy:" + sha256(f"{request.get_host()} {request.path}".encode()).hexdigest()


def _kept(key: str) -> HttpResponse | None:
    """The copy with its age, by which everybody behind the portal keeps it for so much less."""
    found = _tried(cache.get, key) if key else None
    if found is None:
        return None
    made_at, content, headers = found
    response = HttpResponse(content)
    for name, value in headers.items():
        response[name] = value
    response["Age"] = str(max(0, int(time.time() - made_at)))
    return response


def _keep(key: str, response: HttpResponse) -> None:
    seconds = min(settings.PUBLIC_COPY_SECONDS, get_max_age(response) or 0)
    if key and seconds and "public" in response["Cache-Control"]:
        _tried(cache.set, key, (time.time(), response.content, dict(response.items())), seconds)


def _tried(ask: Callable[..., Any], *words: Any) -> Any:
    """Without a cache the page is made, as for the first one who asks."""
    try:
        return ask(*words)
    except Exception:
        logger.warning("no copies of public pages: the cache does not answer", exc_info=True)
        return None
