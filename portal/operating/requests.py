"""The outermost middleware: each request gets an id, a line in the log and its place in the numbers."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from portal.operating import current, routes
from portal.operating.metrics import REQUEST_SECONDS, REQUESTS

logger = logging.getLogger("portal.requests")

HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Probes and scrapes come every few seconds and would be most of the log.
UNTOLD = {"alive", "ready", "metrics", "static"}


class Followed:
    """No path, query, body or address of the caller is written down: routes and public ids tell enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = current.id_for(request.headers.get(HEADER, ""))
        tokens = current.request_id.set(request_id), current.account_id.set("")
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            current.account_id.set(_account_of(request))
            _note(request, response, seconds=time.perf_counter() - began)
            return response
        finally:
            current.request_id.reset(tokens[0])
            current.account_id.reset(tokens[1])


def _note(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    route = routes.name_of(request)
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(route, method, response.status_code).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if route not in UNTOLD:
        facts = {"route": route, "method": method, "status": response.status_code, "ms": round(seconds * 1000, 1)}
        logger.info("%s %s %s", method, route, response.status_code, extra={"facts": facts})


def _account_of(request: HttpRequest) -> str:
    """The public id of whoever was asked for on the way; nobody is looked up for the log's sake."""
    user: Any = request.__dict__.get("user")
    if type(user) is SimpleLazyObject:
        user = request.__dict__.get("_cached_user")
    public_id = getattr(user, "public_id", None)
    return str(public_id) if public_id else ""
