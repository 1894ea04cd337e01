"""The second step (A3) as allauth does it, in our words: secrets unreadable in the database, the QR code, the name that
an authenticator app and a passkey show."""

import base64
import hashlib
import io
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.models import Market

# What a sign-in can be asked for; recovery codes stand in for one that was lost.
STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Staff need a second step. Add another one before you remove this one."),
        "cannot_generate_recovery_codes": _("Recovery codes belong to a second step. Please set one up first."),
        "incorrect_passkey": _("This passkey does not open the account. Please try again, or use another way."),
        "incorrect_code": _("This code is not right, or was used already. Please wait for the next one."),
    }

    def get_totp_issuer(self) -> str:
        return _portal_name()

    def build_totp_svg(self, url: str) -> str:
        """Dark on white with its quiet zone, whatever the page's colours: a camera reads nothing else."""
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff")
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one (K1)."""
        account: Any = authenticator.user
        return not account.is_staff or steps_of(account).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=number + 1) if number else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the host of SITE_URL, whatever host was asked."""
        return {"id": settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0], "name": _portal_name()}


def steps_of(account: Account) -> Any:
    return Authenticator.objects.filter(user_id=account.pk, type__in=STEPS)


def _portal_name() -> str:
    return Market.objects.select_related("brand").get(is_default=True).brand.portal_name


def _cipher() -> MultiFernet:
    """By the site's secret; while it is replaced, what an earlier one has written is read too."""
    secrets: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(b"second step " + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def enciphered_anew(text: str) -> str:
    """What any of the keys has enciphered, by the newest."""
    return _cipher().rotate(text.encode()).decode()
