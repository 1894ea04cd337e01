"""Signing out devices (A3): one, all but the one in use, or all of an account."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import Account
from portal.audit import record


@transaction.atomic
def end_sessions(*, account: Account, keep: str | None = None, now: datetime, by: Account | None) -> int:
    """Ends every session of the account but the one whose key is `keep`; gives back how many."""
    return _end(list(UserSession.objects.filter(user=account).exclude(session_key=keep or "")), account, now, by)


@transaction.atomic
def end_session(*, session: UserSession, now: datetime, by: Account) -> None:
    """Ends one session of the account that it belongs to."""
    _end([session], session.user, now, by)


def _end(sessions: list[UserSession], account: Account, now: datetime, by: Account | None) -> int:
    for session in sessions:
        session.end()
    if sessions:
        record("sessions_ended", account=account, by=by, now=now, number=len(sessions))
    return len(sessions)
