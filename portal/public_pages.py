"""Pages that are the same for every visitor: a proxy may keep them, and a browser asks only whether they changed.

What a signed-in customer gets has their own frame around it and stays in nobody's cache. A proxy keeps what was asked
without any cookie, so that neither a session nor a message for one person can get into a shared copy.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import conditional_page
from django.views.decorators.vary import vary_on_cookie

View = Callable[..., HttpResponse]
# Seconds: prices and the registry change by the day, and a change should be seen soon.
MAX_AGE = 300


def public_page(view: View) -> View:
    """A view that has set its own Cache-Control keeps it; what is no 200 is never kept."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.COOKIES or response.status_code != HTTPStatus.OK:
            add_never_cache_headers(response)
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        return response

    return conditional_page(vary_on_cookie(shown))
