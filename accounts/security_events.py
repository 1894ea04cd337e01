"""What concerns the safety of an account, on record and in the log (ASVS 16.3): who, what, when.

allauth says what happened by its signals; `connect` is called once at the start. No address, code, password or network
address enters the audit trail, which is kept for ever; the log, which is not, has the network address.
"""

import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factor_signals
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions
from accounts.actions.caller_acts import bar
from accounts.actions.sessions import end_sessions
from accounts.models import Account
from accounts.rules.caller import is_barred
from portal.audit import record

log = logging.getLogger("portal.security")


def connect() -> None:
    user_logged_in.connect(session_began, dispatch_uid="session_began")
    account_signals.user_logged_in.connect(signed_in, dispatch_uid="signed_in")
    account_signals.authentication_step_completed.connect(step_completed, dispatch_uid="step_completed")
    user_logged_out.connect(signed_out, dispatch_uid="signed_out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="sign_in_failed")
    account_signals.password_changed.connect(password_changed, dispatch_uid="password_changed")
    account_signals.password_reset.connect(password_changed, dispatch_uid="password_reset")
    account_signals.email_changed.connect(email_changed, dispatch_uid="email_changed")
    factor_signals.authenticator_added.connect(factor_added, dispatch_uid="factor_added")
    factor_signals.authenticator_removed.connect(factor_removed, dispatch_uid="factor_removed")
    factor_signals.authenticator_reset.connect(factor_renewed, dispatch_uid="factor_renewed")
    factor_signals.authentication_failed.connect(second_step_failed, dispatch_uid="second_step_failed")


def session_began(request: HttpRequest, **kwargs: Any) -> None:
    """By whatever way it began: this one is Django's own signal."""
    sessions.begin(request)


def signed_in(request: HttpRequest, user: Account, **kwargs: Any) -> None:
    ways = [each.get("type", each["method"]) for each in get_authentication_records(request, user)]
    _note("signed_in", request, user, ways=ways)


def step_completed(request: HttpRequest, user: Account, method: str, **facts: Any) -> None:
    """Of those that somebody takes who is signed in already."""
    if facts.get("reauthenticated"):
        sessions.renew(request)
        _note("signed_in_again", request, user, ways=[str(facts.get("type", method))])


def signed_out(request: HttpRequest, user: Account | None, **kwargs: Any) -> None:
    if user:
        _note("signed_out", request, user)


def sign_in_failed(request: HttpRequest | None, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A known address and an unknown one cost the same: one query, one record; what was typed is kept for neither."""
    tried = str(credentials.get("email") or "").lower()
    _note("sign_in_failed", request, Account.objects.select_related("market").filter(email=tried).first(), by=None)


def password_changed(request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Nobody stays signed in by the old one. That it was changed is on record already (`AccountAdapter`)."""
    end_sessions(account=user, now=timezone.now(), by=user)


def email_changed(request: HttpRequest, user: Account, from_email_address: Any, **kwargs: Any) -> None:
    """Both addresses are told: the old one by allauth, the new one here."""
    if not from_email_address:
        return
    _note("email_changed", request, user)
    now = timezone.now()
    if is_barred(user.barred_until, now=now):
        # K7: by telephone; the 72 hours count from the address that is used from now on.
        bar(user, now=now)
    addresses = {"from_email": from_email_address.email, "to_email": user.email}
    get_adapter(request).send_notification_mail("account/email/email_changed", user, addresses, email=user.email)


def factor_added(request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("second_step_added", request, user, kind=str(authenticator.type))


def factor_removed(request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("second_step_removed", request, user, kind=str(authenticator.type))


def factor_renewed(request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("second_step_renewed", request, user, kind=str(authenticator.type))


def second_step_failed(request: HttpRequest, user: Account, authenticator: Any, **kwargs: Any) -> None:
    _note("second_step_failed", request, user, by=None, kind=str(authenticator.type))


def _note(what: str, request: HttpRequest | None, account: Account | None, **data: Any) -> None:
    by = data.pop("by", account)
    record(what, account=account, by=by, now=timezone.now(), **data)
    log.info("%s account=%s from=%s %s", what, account.public_id if account else "-", _seen_from(request), data or "")


def _seen_from(request: HttpRequest | None) -> str:
    try:
        return get_adapter(request).get_client_ip(request) if request else "-"
    except PermissionDenied:
        # allauth's answer to a request whose address is not known, such as one that no server has taken.
        return "-"
