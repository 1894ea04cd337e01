"""The sandbox provider as a WSGI application: the portal's interface, the customer's pages, and what they load."""

import hmac
import logging
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subscriptions.gateway.port import OutcomeUnknown, ProviderDown
from subscriptions.gateway.sandbox import api, echo, pages
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.gateway.sandbox.rate import Bucket
from subscriptions.gateway.sandbox.refusals import RequestRefused
from subscriptions.gateway.sandbox.sender import Sender
from subscriptions.gateway.sandbox.web import (
    HttpError,
    Request,
    Response,
    find_route,
    json_response,
    read_request,
    route,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("sandbox")
# Longer than the portal waits (`client.ANSWER_SECONDS`).
SILENT_SECONDS = 35.0
ASSETS = Path(__file__).parent


class Application:
    """The WSGI application over one provider; callable from many threads."""

    def __init__(
        self,
        provider: SandboxProvider,
        *,
        secret: str,
        silent_seconds: float = SILENT_SECONDS,
        bucket: Bucket | None = None,
        sender: Sender | None = None,
    ) -> None:
        """`bucket` limits the calls of the portal, `sender` tells it of events; without them there is no limit, and
        nobody is told."""
        self.provider = provider
        self._bucket = bucket
        self._sender = sender
        self._token = f"Bearer {secret}".encode()
        self._silent_seconds = silent_seconds

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_api = environ.get("PATH_INFO", "").startswith(("/v1/", "/test/"))
        response = self._api_response(environ) if is_api else self._page_response(environ)
        start_response(*response.head())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _api_response(self, environ: Mapping[str, Any]) -> Response:
        try:
            self._check_token(environ.get("HTTP_AUTHORIZATION", ""))
            request = read_request(environ)
            self._check_rate(request)
            respond, segments = find_route(api.ROUTES, request)
            response = respond(self.provider, request, **segments)
            if self._sender:
                self._sender.send_before_answering()
            return response
        except HttpError as error:
            return json_response({"error": str(error)}, status=error.status, **error.headers)
        except RequestRefused as refusal:
            return json_response({"error": str(refusal)}, status=HTTPStatus(refusal.status))
        except ProviderDown as down:
            return json_response({"error": str(down)}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        except OutcomeUnknown as unknown:
            time.sleep(self._silent_seconds)
            return json_response({"error": str(unknown)}, status=HTTPStatus.GATEWAY_TIMEOUT)
        except Exception:
            log.exception("A request failed")
            return json_response({"error": "Internal error"}, status=HTTPStatus.INTERNAL_SERVER_ERROR)

    def _page_response(self, environ: Mapping[str, Any]) -> Response:
        language = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        try:
            request = read_request(environ)
            respond, segments = find_route((*pages.ROUTES, *echo.ROUTES, *ASSET_ROUTES), request)
            return respond(self.provider, request, **segments)
        except HttpError as error:
            return pages.error(language, error.status, **error.headers)
        except RequestRefused as refusal:
            return pages.error(language, HTTPStatus(refusal.status))
        except Exception:
            log.exception("A page failed")
            return pages.error(language, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _check_token(self, authorization: str) -> None:
        if not hmac.compare_digest(authorization.encode("latin-1", "replace"), self._token):
            raise HttpError(HTTPStatus.UNAUTHORIZED, **{"WWW-Authenticate": "Bearer"})

    def _check_rate(self, request: Request) -> None:
        is_limited = request.path.startswith("/v1/")
        wait = self._bucket.seconds_to_wait() if self._bucket and is_limited else 0.0
        if wait:
            raise HttpError(HTTPStatus.TOO_MANY_REQUESTS, **{"Retry-After": str(ceil(wait))})


def stylesheet(provider: SandboxProvider, request: Request) -> Response:
    return _asset("sandbox.css", "text/css; charset=utf-8")


def icon(provider: SandboxProvider, request: Request) -> Response:
    return _asset("icon.svg", "image/svg+xml")


def health(provider: SandboxProvider, request: Request) -> Response:
    """For whoever starts it: it listens and its state can be read."""
    provider.charges(limit=1)
    return Response(body=b"ok\n")


ASSET_ROUTES = (
    route("GET", "/sandbox.css", stylesheet),
    route("GET", "/icon.svg", icon),
    route("GET", "/health", health),
)


def _asset(name: str, content_type: str) -> Response:
    return Response(body=(ASSETS / name).read_bytes(), content_type=content_type)
