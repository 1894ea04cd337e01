"""Links of mails that let people in, and what is wrong with one that does not work: expired, used, or not ours.

A link that we did not make says nothing about any account: what stands in it is believed only behind our signature.
"""

from enum import Enum
from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int

from accounts.models import Account

DAY = 24 * 3600


class Fault(Enum):
    EXPIRED = "expired"
    USED = "used"
    FORGED = "forged"


class ResetTokens(PasswordResetTokenGenerator):
    """Django's tokens, which a new password or address makes worthless, with a signature over what we have sent."""

    def make_token(self, user: Any) -> str:
        token: str = super().make_token(user)
        return f"{token}-{_signature(token)}"

    def check_token(self, user: Any, token: str | None) -> bool:
        sent = _sent_by_us(token or "")
        return bool(sent) and super().check_token(user, sent)

    def seconds_since(self, moment: int) -> int:
        return int(self._num_seconds(self._now())) - moment


def fault_of_reset(token: str) -> Fault:
    """Of a token that `check_token` refused. A newer password counts as used: the link chose it, or lost its point."""
    sent = _sent_by_us(token)
    if not sent:
        return Fault.FORGED
    made_at = base36_to_int(sent.split("-")[0])
    return Fault.EXPIRED if ResetTokens().seconds_since(made_at) > settings.PASSWORD_RESET_TIMEOUT else Fault.USED


def fault_of_confirmation(key: str) -> Fault | None:
    """Of the link that confirms an address; None if it works."""
    try:
        pk = signing.loads(key, max_age=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS * DAY, salt=app_settings.SALT)
    except signing.SignatureExpired:
        return Fault.EXPIRED
    except signing.BadSignature:
        return Fault.FORGED
    # An address that is gone was given up for another one; that of another account is not to be had any more.
    address = EmailAddress.objects.filter(pk=pk, verified=False).first()
    return Fault.USED if address is None or _is_taken(address) else None


def _is_taken(address: EmailAddress) -> bool:
    return Account.objects.filter(email=address.email).exclude(pk=address.user_id).exists()


def _sent_by_us(token: str) -> str:
    """The token without its signature; empty if the signature is not ours."""
    sent, _, signature = token.rpartition("-")
    return sent if constant_time_compare(signature, _signature(sent)) else ""


def _signature(token: str) -> str:
    return salted_hmac("accounts.mail_links", token, algorithm="sha256").hexdigest()[:32]
