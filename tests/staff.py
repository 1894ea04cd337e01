"""Staff at the desk: signed in as people are, by the one sign-in page with password and code."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from tests import make

PERIOD = 30


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows now, or some steps of thirty seconds earlier or later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def give_app(account: Account) -> str:
    """An authenticator app for the account, if it has none; gives back its secret."""
    held = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    if held is None:
        secret = generate_totp_secret()
        TOTP.activate(account, secret)
        return secret
    return decrypt(held.data["secret"])


def sign_in_at_the_desk(client: Client, account: Account, *, password: str = make.PASSWORD) -> Client:
    """Password, then a code that was not used yet; the account's address counts as confirmed."""
    client.logout()
    EmailAddress.objects.get_or_create(user=account, email=account.email, defaults={"verified": True, "primary": True})
    secret = give_app(account)
    client.post(reverse("account_login"), {"login": account.email, "password": password})
    for steps in (-1, 0, 1):
        answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=steps)})
        if answer.status_code == 302:
            return client
    raise AssertionError("The desk did not open.")
