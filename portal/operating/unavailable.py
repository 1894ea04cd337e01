"""Database or cache are away, or somebody holds what is asked for: 503 instead of 500; the next request tries anew."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error
from redis.exceptions import RedisError

# The database's: no connection or one that was cut, a lock or a statement that took too long, a full disk. The cache's:
# nobody goes on without the limits that are counted there.
NOT_NOW = (OperationalError, InterfaceError, RedisError)
TRY_AGAIN_SECONDS = 10


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of what no view has expected. Asks the database nothing."""
    if not isinstance(sys.exception(), NOT_NOW):
        return server_error(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": str(TRY_AGAIN_SECONDS), "Cache-Control": "no-store"})
