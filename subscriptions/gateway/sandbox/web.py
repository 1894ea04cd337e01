"""Just enough HTTP for the sandbox: a request read within limits, a response with safe headers, routes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

MAX_BODY_BYTES = 16_384
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class HttpError(Exception):
    """A request that is answered with its status alone."""

    def __init__(self, status: HTTPStatus, **headers: str) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.headers = headers


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    language: str
    authorization: str
    content_type: str
    body: bytes

    def form(self) -> dict[str, str]:
        """The fields of a form post; a field given twice counts once, the last time."""
        self._check_type(FORM)
        return _pairs(self.body.decode("utf-8", "replace"))

    def json(self) -> dict[str, Any]:
        self._check_type(JSON)
        try:
            data = json.loads(self.body)
        except ValueError:
            raise HttpError(HTTPStatus.BAD_REQUEST) from None
        return data if isinstance(data, dict) else {}

    def _check_type(self, expected: str) -> None:
        if self.content_type != expected:
            raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


@dataclass(frozen=True, kw_only=True)
class Response:
    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self) -> tuple[str, list[tuple[str, str]]]:
        """Status line and headers as WSGI wants them."""
        about_body = {"Content-Type": self.content_type, "Content-Length": str(len(self.body))}
        return f"{self.status.value} {self.status.phrase}", list((ALWAYS | about_body | dict(self.headers)).items())


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    respond: Callable[..., Response]


def route(method: str, path: str, respond: Callable[..., Response]) -> Route:
    """`{name}` in the path stands for one segment and becomes an argument."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[\\w-]{1,80})", re.escape(path))
    return Route(method, re.compile(pattern, re.ASCII), respond)


def find_route(routes: Iterable[Route], request: Request) -> tuple[Callable[..., Response], dict[str, str]]:
    """Who responds, with the segments of the path; `HttpError` 404, or 405 with what is allowed."""
    matches = [(each, match) for each in routes if (match := each.path.fullmatch(request.path))]
    method = "GET" if request.method == "HEAD" else request.method
    for each, match in matches:
        if each.method == method:
            return each.respond, match.groupdict()
    if matches:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(each.method for each, _ in matches))
    raise HttpError(HTTPStatus.NOT_FOUND)


def read_request(environ: Mapping[str, Any]) -> Request:
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        query=_pairs(environ.get("QUERY_STRING", "")),
        language=environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        content_type=environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower(),
        body=_read_body(environ),
    )


def json_response(data: object, *, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> Response:
    return Response(status=status, body=json.dumps(data).encode(), content_type=JSON, headers=headers)


def redirect(location: str) -> Response:
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": location})


def _read_body(environ: Mapping[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise HttpError(HTTPStatus.BAD_REQUEST)
    if len(length) > 9 or int(length) > MAX_BODY_BYTES:
        raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body: bytes = environ["wsgi.input"].read(int(length)) if int(length) else b""
    return body


def _pairs(encoded: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise HttpError(HTTPStatus.BAD_REQUEST) from None
