"""What the account wants of every call: that its sign-in is noted as used, and the Terms are accepted (C3, A2)."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.access import is_member, terms_standing_of
from accounts.actions.sign_ins import USE_NOTED_EVERY, note_use
from accounts.rules.terms import TermsStanding


def use_is_noted(request: Request, view: Any, now: datetime) -> None:
    """Remembered in the cache: a call that comes soon after another asks the database nothing."""
    if request.auth is not None and cache.add(f"use-noted:{request.auth.pk}", 1, timeout=USE_NOTED_EVERY.seconds):
        note_use(token=request.auth, now=now)


def terms_are_accepted(request: Request, view: Any, now: datetime) -> None:
    """As on the pages: an account whose days still count goes on like any member (A2)."""
    if request.auth is None or request.method in view.before_terms or is_member(request.user, now):
        return
    if request.method in view.while_paused and terms_standing_of(request.user, now) is TermsStanding.PAUSED:
        return
    raise PermissionDenied(_("Please read and accept the Terms of Use in the portal first."), code="terms_required")
