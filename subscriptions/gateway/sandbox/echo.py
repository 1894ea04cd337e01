"""In the place of the app's backend, in the demo: takes each webhook of the portal, and shows the latest as JSON."""

from collections import deque
from http import HTTPStatus
from typing import Any

from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.gateway.sandbox.web import Request, Response, json_response, route

LATEST: deque[dict[str, Any]] = deque(maxlen=50)


def take(provider: SandboxProvider, request: Request) -> Response:
    LATEST.appendleft(request.json())
    return Response(status=HTTPStatus.NO_CONTENT)


def show(provider: SandboxProvider, request: Request) -> Response:
    return json_response({"taken": list(LATEST)})


ROUTES = (route("POST", "/app-backend", take), route("GET", "/app-backend", show))
