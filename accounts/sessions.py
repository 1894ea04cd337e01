"""How long somebody stays signed in, and which devices are (A3, ASVS 7.3, 14.3).

A session ends when it was not used for a while, and after its whole life however it was used; both are shorter for
staff. What is asked for once a minute is written down once a minute, not at every request.
"""

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.middleware import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.actions.sessions import end_session
from accounts.models import Account
from portal.audit import record

BEGAN, SEEN = "signed_in_at", "seen_at"
WRITTEN_DOWN_EVERY = 60
# The site's memory of a person in the browser; cookies stay, for the language is one.
CLEAR_SITE_DATA = '"cache", "storage"'


class SessionLimits:
    """Middleware, below allauth's: ends what has lasted too long, and keeps what was personal out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        # The account itself, not what Django puts before it: that costs with everything that is asked of it.
        request.user = get_user(request)
        if has_lasted_too_long(request):
            _end_late(request)
        else:
            note_activity(request)
        response = self.get_response(request)
        # The session is asked, not the user: the API leaves none on the request, and signs nobody out by it.
        if SESSION_KEY not in request.session:
            response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        elif response.get("Content-Type", "").startswith("text/html"):
            patch_cache_control(response, private=True, no_store=True)
        return response


def begin(request: HttpRequest) -> None:
    """At sign-in: the session's clocks start anew."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def renew(request: HttpRequest) -> None:
    """Whoever signs in again is given another session id; the device in the list stays the same (ASVS 7.2.4)."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def has_lasted_too_long(request: HttpRequest) -> bool:
    idle, life = limits_of(request.user)  # type: ignore[arg-type]
    now = time.time()
    unused, in_all = now - request.session.get(SEEN, now), now - request.session.get(BEGAN, now)
    return unused > idle.total_seconds() or in_all > life.total_seconds()


def limits_of(account: Account) -> tuple[timedelta, timedelta]:
    """How long unused, how long in all."""
    if account.is_staff:
        return settings.STAFF_SESSION_IDLE, settings.STAFF_SESSION_LIFE
    return settings.CUSTOMER_SESSION_IDLE, settings.CUSTOMER_SESSION_LIFE


def note_activity(request: HttpRequest) -> None:
    now = time.time()
    request.session.setdefault(BEGAN, now)
    if now - request.session.get(SEEN, 0) >= WRITTEN_DOWN_EVERY or SEEN not in request.session:
        request.session[SEEN] = now
        UserSession.objects.create_from_request(request)


def devices_of(account: Account, *, now: datetime) -> list[UserSession]:
    """Where the account is signed in. As allauth has it: what a new password or the time has ended is forgotten. Two
    queries, however many there are; one more where some are forgotten."""
    rows = list(UserSession.objects.filter(user=account))
    running = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    passwords = {account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()}
    signed_in = {session.session_key for session in running if _is_of(session.get_decoded(), account, passwords)}
    if len(signed_in) < len(rows):
        UserSession.objects.filter(pk__in=[row.pk for row in rows if row.session_key not in signed_in]).delete()
    return [row for row in rows if row.session_key in signed_in]


def _is_of(session: dict[str, Any], account: Account, passwords: Collection[str]) -> bool:
    return session.get(SESSION_KEY) == str(account.pk) and session.get(HASH_SESSION_KEY) in passwords


def _end_late(request: HttpRequest) -> None:
    account: Any = request.user
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    record("session_expired", account=account, by=None, now=timezone.now())
    logout(request)
    messages.info(request, _("You were signed out after a while, to protect your account. Please sign in again."))


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Any) -> None:
        for session in sessions:
            end_session(session=session, now=timezone.now(), by=session.user)
