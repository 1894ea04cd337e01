"""A page, and its bare twin, called as a server calls them: WSGI in this process, through the whole of the middleware.

The twin has the same session, the same sign-in, the same template with what the page gave it, and reads the same rows,
by one query of its own. It goes through the middleware of a new Django project, and does nothing else.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render, override_settings
from django.urls import path
from django.utils import translation
from django.utils.crypto import get_random_string

from accounts.models import Account
from portal import urls
from portal.operating.frames import with_room

# What `django-admin startproject` begins with.
STOCK = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Bytes by which a page may differ for it.
DAYS_IN_UTC = 30

Rows = Callable[[Account], Iterable[Any]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Kept:
    """What a page gave to its template, and the rows that are read for it."""

    template: Template
    context: dict[str, Any]
    language: str
    rows: Rows | None
    is_signed_in: bool


_KEPT: dict[str, Kept] = {}


class Sites:
    """The portal, and the bare site beside it."""

    def __init__(self) -> None:
        if not any(getattr(each, "name", "") == "bare_twin" for each in urls.urlpatterns):
            urls.urlpatterns.insert(0, path("bare-twin/<slug:name>/", _twin, name="bare_twin"))
        # Both as a web process calls them: how deep the benchmark happens to be says nothing of either.
        self._portal = with_room(WSGIHandler())
        with override_settings(MIDDLEWARE=STOCK):
            self._bare = with_room(WSGIHandler())

    def page(self, address: str, cookie: str = "", **headers: str) -> Answer:
        return _call(self._portal, address, cookie, headers)

    def twin(self, name: str, cookie: str = "") -> Answer:
        return _call(self._bare, f"/bare-twin/{name}/", cookie, {})

    def keep(self, name: str, address: str, cookie: str = "", *, rows: Rows | None = None) -> Answer:
        """Makes the twin of the page as it is now. Its template reads nothing any more: it was read by the page."""
        with _rendered() as seen:
            answer = self.page(address, cookie)
        if answer.status != 200 or not seen:
            raise RuntimeError(f"{address} answered {answer.status} with {len(seen)} templates")
        # What was worded before, a notice's title say, was a template, too; and the twin writes its days in UTC.
        for template, context in seen:
            _KEPT[name] = Kept(template, context, address.split("/")[1], rows, bool(cookie))
            if abs(len(self.twin(name, cookie).body) - len(answer.body)) < DAYS_IN_UTC:
                return answer
        raise RuntimeError(f"{address} cannot be shown again by one of its templates")


def cookie_of(account: Account) -> str:
    """Of a new session in which that customer is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    # The form by which somebody signed in has left the token's.
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={get_random_string(32)}"


def _twin(request: HttpRequest, name: str) -> HttpResponse:
    kept = _KEPT[name]
    if kept.is_signed_in and not request.user.is_authenticated:
        return HttpResponse(status=403)
    if kept.rows:
        list(kept.rows(request.user))  # type: ignore[arg-type]
    with translation.override(kept.language):
        return HttpResponse(kept.template.render(Context(dict(kept.context))))


def _call(handler: WSGIHandler, address: str, cookie: str, headers: dict[str, str]) -> Answer:
    seen: list[Any] = []
    route, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(route).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        **headers,
    }
    response = handler(environ, lambda status, headers: seen.extend([status, headers]))
    body = b"".join(response)
    response.close()
    return Answer(int(seen[0].split()[0]), dict(seen[1]), body)


@contextmanager
def _rendered() -> Iterator[list[tuple[Template, dict[str, Any]]]]:
    """The templates that are rendered meanwhile, the page's own first, each with its context."""
    seen: list[tuple[Template, dict[str, Any]]] = []

    def note(template: Template, context: Context, **_more: Any) -> None:
        seen.append((template, context.flatten()))

    plain = Template._render
    Template._render = instrumented_test_render
    template_rendered.connect(note)
    try:
        yield seen
    finally:
        template_rendered.disconnect(note)
        Template._render = plain
